// swift-tools-version: 6.2
import PackageDescription

/// One of Debian's C libraries: Sources/<name> holds a module map and a header, nothing else.
func library(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies)
}

/// The tests of one module.
func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name), "Support"] + dependencies)
}

/// Modules that hold no unsafe expression but those marked `unsafe`.
let strict: Set<String> = [
    "Failures", "Clock", "Wire", "JSON", "HTTP", "WebSocket", "EngineIO", "SocketIO", "JWT",
    "Relay", "Identities", "CLI", "Metrics", "SDP", "SDPRules", "SDPExplanation", "SDPRedaction",
    "sdp-inspect",
]

let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley-keys", targets: ["parley-keys"]),
        .executable(name: "parley-net", targets: ["parley-net"]),
    ],
    targets: [
        // Layer 0: values.
        module("Failures"),
        module("Clock"),
        module("Wire", "Failures"),
        module("JSON", "Failures"),

        // Layer 1: C libraries.
        library("CSodium", "libsodium", "libsodium-dev"),
        library("COpenSSL", "openssl", "libssl-dev"),
        library("CSQLite", "sqlite3", "libsqlite3-dev"),
        .target(name: "CLibcrypto"),
        .target(name: "CLibcrypt"),
        .systemLibrary(name: "CLinux"),
        .target(name: "CZeroOnFree"),

        // Layer 2: cores, without sockets, files, clocks or threads.
        module("Crypto", "CLibcrypt", "CLibcrypto", "CSodium", "Failures"),
        module("Age", "Crypto", "Failures", "Wire"),
        module("CryptoJS", "Crypto", "Failures", "Wire"),
        module("QRCodes"),
        module("Identities", "Age", "Clock", "Crypto", "Failures", "JSON", "Wire"),
        module("Envelopes", "Clock", "Crypto", "Failures", "Identities", "JSON", "Wire"),
        module("HTTP", "Failures"),
        module("WebSocket", "Failures", "HTTP", "Wire"),
        module("EngineIO", "Clock", "Failures", "HTTP", "JSON", "WebSocket", "Wire"),
        module("SocketIO", "Clock", "EngineIO", "Failures", "HTTP", "JSON", "Wire"),
        module("Metrics"),
        module("JWT", "Clock", "Crypto", "Failures", "JSON", "Wire"),
        module("Relay", "Clock", "Crypto", "Failures", "HTTP", "JSON", "JWT", "Metrics", "Wire"),
        module("TLS", "COpenSSL", "Failures"),
        .target(
            name: "SDP", dependencies: ["Failures", "JSON", "Wire"], exclude: ["sdp.schema.json"]),
        module("SDPExplanation", "Clock", "SDP"),
        module("SDPRedaction", "Crypto", "SDP", "Wire"),
        module("SDPRules", "JSON", "SDP"),

        // Layer 3: the outside world.
        module("Platform", "CLinux", "Clock", "Crypto", "Failures"),
        module("Sockets", "CLinux", "Failures", "Platform", "TLS"),
        module("FileSealing", "Age", "Crypto", "Failures", "Platform"),
        module(
            "Storage", "Clock", "Crypto", "CSQLite", "Failures", "Metrics", "Platform", "Relay",
            "Wire"),
        module("CLI", "Failures", "JSON", "Platform"),
        module("HTTPClient", "Failures", "HTTP", "Platform", "Sockets", "TLS"),
        module(
            "RelayClient", "Clock", "Crypto", "EngineIO", "Failures", "HTTP", "HTTPClient", "JSON",
            "Platform", "SocketIO", "Sockets", "TLS", "Wire"),

        module(
            "Keyring", "Age", "CLI", "Clock", "Crypto", "Envelopes", "Failures", "Identities",
            "JSON", "Platform", "Wire"),

        // Layer 4: a folder a program, and the two binaries that hold them all.
        module(
            "keygen", "CLI", "Crypto", "Failures", "Identities", "JSON", "Keyring", "Platform",
            "QRCodes"),
        module(
            "encrypt", "Age", "CLI", "Clock", "Crypto", "CryptoJS", "Envelopes", "Failures",
            "FileSealing", "Identities", "JSON", "Keyring", "Platform", "Wire"),
        module(
            "decrypt", "Age", "CLI", "Clock", "Crypto", "CryptoJS", "Envelopes", "Failures",
            "FileSealing", "Identities", "JSON", "Keyring", "Platform", "Wire"),
        module(
            "sdp-inspect", "CLI", "Crypto", "Failures", "JSON", "Platform", "SDP",
            "SDPExplanation", "SDPRedaction", "SDPRules"),
        module(
            "relay-login", "CLI", "Clock", "Crypto", "Failures", "HTTPClient", "JSON", "Platform",
            "RelayClient"),
        module("sendmsg", "CLI", "Failures", "Platform", "RelayClient"),
        module("recvmsg", "CLI", "Failures", "Platform", "RelayClient"),
        module(
            "signal-relay", "CLI", "Clock", "Crypto", "EngineIO", "Failures", "HTTP", "HTTPClient",
            "JSON", "JWT", "Metrics", "Platform", "Relay", "SocketIO", "Sockets", "Storage", "TLS",
            "WebSocket", "Wire"),
        .executableTarget(
            name: "parley-keys",
            dependencies: ["CLI", "decrypt", "encrypt", "keygen", "sdp-inspect"]),
        .executableTarget(
            name: "parley-net",
            dependencies: [
                "CLI", "CZeroOnFree", "recvmsg", "relay-login", "sendmsg", "signal-relay",
            ]),

        // Tests: a target a module.
        .target(name: "Support", path: "Tests/Support"),
        .target(
            name: "SessionSupport",
            dependencies: ["Clock", "EngineIO", "HTTP", "SocketIO", "Support", "WebSocket"],
            path: "Tests/SessionSupport"),
        tests("Clock"),
        tests("Wire"),
        tests("JSON"),
        tests("Crypto", "Wire"),
        tests("Age", "Crypto", "Wire"),
        tests("CryptoJS", "Crypto", "Wire"),
        tests("QRCodes"),
        tests("Identities", "Clock", "Crypto", "Failures", "JSON", "Wire"),
        tests("Envelopes", "Clock", "Crypto", "Failures", "Identities", "JSON", "Wire"),
        tests("HTTP"),
        tests("WebSocket", "Failures", "HTTP", "Wire"),
        tests("EngineIO", "Clock", "HTTP", "JSON", "SessionSupport", "WebSocket", "Wire"),
        tests("SocketIO", "Clock", "EngineIO", "HTTP", "JSON", "SessionSupport", "WebSocket"),
        tests("Metrics"),
        tests("JWT", "Clock", "Crypto", "JSON", "Wire"),
        tests(
            "Relay", "Clock", "Crypto", "EngineIO", "HTTP", "JSON", "JWT", "Metrics", "SocketIO",
            "Storage", "Wire"),
        tests("Storage", "Clock", "Crypto", "Platform", "Relay"),
        tests("signal-relay", "CLI", "EngineIO", "HTTP", "Platform", "Relay", "SocketIO"),
        tests("TLS"),
        tests("SDP", "JSON", "Wire"),
        tests("SDPExplanation", "SDP"),
        tests("SDPRedaction", "Crypto", "SDP"),
        tests("SDPRules", "JSON", "SDP"),
        tests("Platform", "Clock", "Crypto", "Failures", "Sockets", "TLS"),
        tests("FileSealing", "Age", "Crypto", "Platform"),
        tests("CLI", "Failures", "JSON", "Platform"),
        tests("Keyring", "Clock", "Crypto", "Envelopes", "Identities", "Platform", "Wire"),
        tests(
            "RelayClient", "Clock", "EngineIO", "Failures", "HTTP", "HTTPClient", "JSON",
            "Platform", "SocketIO", "Sockets", "WebSocket"),
    ],
    swiftLanguageModes: [.v6]
)

// Programs for measuring and for conformance suites; nobody installs them.
if Context.environment["PARLEY_DEVELOPMENT"] != nil {
    package.targets += [
        .executableTarget(
            name: "primitives", dependencies: ["Clock", "Crypto", "Platform"],
            path: "Tests/Peers/primitives"),
        .executableTarget(
            name: "sdp-bench", dependencies: ["Platform", "SDP"], path: "Tests/Peers/sdp-bench"),
        .executableTarget(
            name: "relay-load", dependencies: ["CLinux"], path: "Tests/Peers/relay-load"),
        .executableTarget(
            name: "relay-bare", dependencies: ["CLinux"], path: "Tests/Peers/relay-bare"),
        .executableTarget(
            name: "protocol-echo",
            dependencies: [
                "Clock", "EngineIO", "HTTP", "Platform", "SessionSupport", "SocketIO", "Sockets",
                "WebSocket",
            ],
            path: "Tests/Peers/protocol-echo"),
        .executableTarget(
            name: "protocol-bench",
            dependencies: ["Clock", "EngineIO", "HTTP", "Platform", "SocketIO", "WebSocket"],
            path: "Tests/Peers/protocol-bench"),
    ]
}

// One target a parser, built by `make fuzz` with libFuzzer: a folder of Tests/Fuzz is its name.
if Context.environment["PARLEY_FUZZ"] != nil {
    let fuzzed: [(name: String, modules: [Target.Dependency])] = [
        ("json", ["JSON"]), ("http", ["HTTP"]), ("websocket", ["WebSocket"]),
        ("socketio", ["Clock", "EngineIO", "HTTP", "SocketIO", "WebSocket"]),
        ("age-header", ["Age"]), ("age-armor", ["Age"]), ("openssh-key", ["Age", "Wire"]),
        ("bech32", ["Age"]), ("envelope", ["Envelopes"]), ("identity", ["Identities", "JSON"]),
        ("jwt", ["Clock", "Crypto", "JWT", "Wire"]), ("sdp", ["JSON", "SDP"]),
        ("sdp-rules", ["Crypto", "JSON", "SDP", "SDPExplanation", "SDPRedaction", "SDPRules"]),
    ]
    package.targets.append(.systemLibrary(name: "CFuzzer"))
    package.targets += fuzzed.map { name, modules in
        .executableTarget(
            name: "fuzz-\(name)", dependencies: ["CFuzzer"] + modules,
            path: "Tests/Fuzz/\(name)", exclude: ["corpus"])
    }
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
    if strict.contains(target.name) { target.swiftSettings?.append(.strictMemorySafety()) }
}
