internal import CLI
internal import HTTPClient
internal import Platform
internal import SocketIO
internal import Sockets

/// Where the relay finds and keeps things, from options, the environment and defaults.
struct RelayOptions {
    let address: SocketAddress
    let database: String
    let secretFile: String
    /// Whether the file was named, so that it goes before the environment.
    let namesSecretFile: Bool
    let keyFile: String
    let retention: Duration
    /// Zero for none.
    let history: Duration
    let origins: [String]
    /// Each with its slash; without the main one, which is always there.
    let namespaces: [String]
    /// How long sessions of clients that vanished are kept; nil to leave it to each client.
    let recovery: Duration?
    /// The socket by which operators reach the relay that uses the database.
    var controlSocket: String { database + ".control" }
    let certificateFile: String?
    let privateKeyFile: String?
    let limits: RelayLimits
    let trace: String?
    let logRetention: Duration
    /// Over which time clients are sent away at the end.
    let drain: Duration
    /// Where the metrics have a listener of their own.
    let metrics: SocketAddress?
    let proxies: TrustedProxies
    let notifyURL: HTTPURL?
    let notifyCommand: String?
    let notifySecretFile: String?

    private static let defaultPort: UInt16 = 3333
    private static let defaultHost = "127.0.0.1"
    /// Longer retention needs more keys than the key file holds.
    private static let retentionRange = Duration.seconds(1)...Duration.seconds(365 * 86_400)

    private static let longestDrain = Duration.seconds(3600)
    private static let logRange = Duration.seconds(3600)...Duration.seconds(3650 * 86_400)

    /// What is sent in so long must fit into memory.
    private static let recoveryRange = Duration.seconds(1)...Duration.seconds(3600)

    /// - Throws: `RelayOptionError`, `UsageError`.
    init(_ arguments: Arguments, _ environment: Environment = .process) throws {
        address = try Self.address(arguments[SignalRelay.listen], environment)
        let database = arguments[SignalRelay.database] ?? Self.defaultDatabase(in: environment)
        self.database = database
        secretFile = arguments[SignalRelay.secretFile] ?? Self.beside(database, "jwt-secret")
        namesSecretFile = arguments[SignalRelay.secretFile] != nil
        keyFile = arguments[SignalRelay.storeKeys] ?? Self.beside(database, "store-keys")
        retention = try Self.time(
            arguments[SignalRelay.retention], in: Self.retentionRange,
            RelayOptionError.badRetention)
        history =
            try Self.optionalTime(
                arguments[SignalRelay.history], in: Self.retentionRange,
                RelayOptionError.badHistory) ?? .zero
        origins =
            try arguments[SignalRelay.cors].flatMap { try Self.origins($0, of: "--cors") }
            + Self.origins(environment["SOCKET_CORS_ORIGIN"] ?? "", of: "$SOCKET_CORS_ORIGIN")
        namespaces = try Self.namespaces(arguments[SignalRelay.namespaces])
        limits = try RelayLimits(
            Self.list(environment["PARLEY_RELAY_LIMITS"] ?? "") + arguments[SignalRelay.limit])
        logRetention = try Self.time(
            arguments[SignalRelay.logRetention], in: Self.logRange,
            RelayOptionError.badLogRetention)
        metrics = try arguments[SignalRelay.metrics].map(Self.address)
        proxies = try TrustedProxies(arguments[SignalRelay.trustedProxy])
        trace = arguments[SignalRelay.trace]
        drain = arguments[SignalRelay.drain]
        guard drain <= Self.longestDrain else { throw RelayOptionError.badDrain }
        recovery = try Self.optionalTime(
            arguments[SignalRelay.recovery], in: Self.recoveryRange, RelayOptionError.badRecovery)
        (certificateFile, privateKeyFile) = try Self.filesOfTLS(arguments)
        notifyURL = try arguments[SignalRelay.notifyURL].map(Self.notifyURL)
        notifyCommand = arguments[SignalRelay.notifyCommand]
        notifySecretFile = arguments[SignalRelay.notifySecretFile]
        guard notifySecretFile == nil || notifyURL != nil else {
            throw RelayOptionError.secretWithoutURL
        }
    }

    static func defaultDatabase(in environment: Environment = .process) -> String {
        StateDirectory.state(in: environment).subdirectory("relay").path(of: "relay.db")
    }

    /// Both or none.
    private static func filesOfTLS(
        _ arguments: Arguments
    ) throws(RelayOptionError) -> (certificate: String?, privateKey: String?) {
        let (certificate, key) =
            (arguments[SignalRelay.certificate], arguments[SignalRelay.privateKey])
        guard (certificate == nil) == (key == nil) else { throw .halfOfTLS }
        return (certificate, key)
    }

    /// - Parameter error: makes what is thrown for a text that is no time, or out of range.
    private static func time(
        _ text: String, in range: ClosedRange<Duration>, _ error: (String) -> RelayOptionError
    ) throws(RelayOptionError) -> Duration {
        guard let time = duration(text), range.contains(time) else { throw error(text) }
        return time
    }

    private static func optionalTime(
        _ text: String?, in range: ClosedRange<Duration>, _ error: (String) -> RelayOptionError
    ) throws(RelayOptionError) -> Duration? {
        guard let text else { return nil }
        return try time(text, in: range, error)
    }

    private static func notifyURL(_ text: String) throws(RelayOptionError) -> HTTPURL {
        guard let url = HTTPURL(text) else { throw .badNotifyURL(text) }
        return url
    }

    private static func address(_ text: String) throws(RelayOptionError) -> SocketAddress {
        guard let address = SocketAddress(text) else { throw .badAddress(text) }
        return address
    }

    private static func address(
        _ listen: String?, _ environment: Environment
    ) throws(RelayOptionError) -> SocketAddress {
        if let listen {
            let text = listen.contains(":") ? listen : "\(listen):\(defaultPort)"
            guard let address = SocketAddress(text) else { throw .badAddress(listen) }
            return address
        }
        var port = defaultPort
        for name in ["SOCKET_PORT", "PORT"] {
            guard let text = environment[name] else { continue }
            guard let number = UInt16(text) else { throw .badPort(name, text) }
            port = number
            break
        }
        guard let address = SocketAddress(host: defaultHost, port: port) else {
            throw .badAddress(defaultHost)
        }
        return address
    }

    private static func namespaces(_ names: [String]) throws(RelayOptionError) -> [String] {
        var namespaces: [String] = []
        for name in names {
            let namespace = name.hasPrefix("/") ? name : "/" + name
            // A comma ends a name on the wire, and a question mark begins its query.
            guard namespace.utf8.count <= SocketIO.Configuration.longestNamespace,
                namespace.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
                !namespace.contains(where: { ",?\"\\".contains($0) })
            else { throw .badNamespace(name) }
            if namespace != "/", !namespaces.contains(namespace) { namespaces.append(namespace) }
        }
        return namespaces
    }

    /// Words with commas between.
    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }
    }

    private static func beside(_ path: String, _ name: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }

    /// Reads origins with commas between; `setting` is where they stand, for the error.
    private static func origins(_ text: String, of setting: String) throws(UsageError) -> [String] {
        var origins: [String] = []
        for part in text.split(separator: ",") {
            let part = part.drop { $0 == " " }.prefix { $0 != " " }
            guard let origin = part == "*" ? "*" : origin(part) else {
                throw .conflict(
                    "\(setting) has \"\(part)\", which is not the origin of a web page",
                    hint:
                        "write it as in https://chat.example or http://localhost:3000, or * for all"
                )
            }
            origins.append(origin)
        }
        return origins
    }

    /// An origin in the form that browsers send (RFC 6454 section 6.2): lower case, and no port
    /// that goes without saying. Any scheme will do, since apps that show web pages have their own.
    private static func origin(_ text: Substring) -> String? {
        let text = text.lowercased()
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            return nil
        }
        let scheme = text[..<colon]
        var host = text[colon...].dropFirst(3)
        var port = ""
        if let last = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let number = UInt16(host[host.index(after: last)...]) else { return nil }
            host = host[..<last]
            port = ["http": 80, "https": 443][scheme] == number ? "" : ":\(number)"
        }
        guard !scheme.isEmpty, scheme.utf8.allSatisfy(isNameByte), isHost(host) else { return nil }
        return "\(scheme)://\(host)\(port)"
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return SocketAddress(host: String(text.dropFirst().dropLast()), port: 0) != nil
        }
        return !text.isEmpty && text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7a, 0x2b, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }

    /// Reads `90s`, `30m`, `6h` or `7d`.
    static func duration(_ text: String) -> Duration? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...1_000_000).contains(count)
        else { return nil }
        return .seconds(count * unit)
    }
}
