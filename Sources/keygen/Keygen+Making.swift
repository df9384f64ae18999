internal import CLI
internal import Crypto
internal import Identities
internal import Keyring
internal import Platform

extension Keygen {
    static func makeIdentity(_ arguments: Arguments, _ console: Console) throws {
        let path = arguments[output] ?? Environment.process.identityPath
        // Refused before a passphrase is asked for, and again when the file is made.
        _ = try OutputFile(path, mode: 0o600, replacing: arguments[force])
        let new = try SecretIdentity.random(name: arguments[name], created: WallClock().now)
        var text = try secretText(of: new, arguments)
        defer { wipe(&text) }
        if arguments[output] == nil { try makeDirectory(directory(of: path)) }
        try writeSecret(text, to: path, arguments, console)
        // Both halves in one file would be neither.
        guard path != "-" else {
            return console.note("the public half is what `keygen --public` prints of the key")
        }
        try show(new.publicIdentity.text(in: arguments[format]), arguments, console)
    }

    static func exportIdentity(_ arguments: Arguments, _ console: Console) throws {
        guard let path = arguments[output] else {
            throw UsageError.missingOption("--\(output.spec.name)")
        }
        let files = KeyFiles(
            passphrase: try PassphraseOptions.read(arguments, confirming: false),
            flag: "--\(PassphraseOptions.file.spec.name)")
        let identity = try files.identity(
            arguments[Self.identity] ?? arguments.operands.first
                ?? Environment.process.identityPath)
        var text = identity.text(in: arguments[format])
        defer { wipe(&text) }
        try writeSecret(text, to: path, arguments, console)
    }

    static func makeGroupKey(_ arguments: Arguments, _ console: Console) throws {
        var text = GroupKey.random(in: arguments[format])
        defer { wipe(&text) }
        // Without -o the key itself was asked for on standard output.
        guard let path = arguments[output] else {
            // As a JWK it is an object already.
            guard console.printsJSON, arguments[format] != .jwk else {
                return try console.write(text)
            }
            var line: [UInt8] = []
            defer { wipe(&line) }
            // No copy is left behind by growing.
            line.reserveCapacity(text.count + 64)
            line += #"{"type":"groupKey","key":""#.utf8
            line += text.dropLast()
            line += #""}"#.utf8
            return try console.print(line)
        }
        try writeSecret(text, to: path, arguments, console)
    }

    private static func secretText(
        of identity: SecretIdentity, _ arguments: Arguments
    ) throws -> [UInt8] {
        guard
            let source = try PassphraseOptions.source(
                arguments, prompt: "new passphrase", confirming: true)
        else { return identity.text(in: arguments[format]) }
        guard arguments[format] == .parley else {
            throw UsageError.conflict(
                "only the parley format takes a passphrase", hint: "leave one of them out")
        }
        let protected = try ProtectedIdentity(identity, passphrase: source.read())
        return protected.keyFileText(of: identity.publicIdentity)
    }

    private static func writeSecret(
        _ text: [UInt8], to path: String, _ arguments: Arguments, _ console: Console
    ) throws {
        var copy = text
        try KeyFile.write(
            SecretBytes(moving: &copy), to: path, replacing: arguments[force])
        console.detail("wrote \"\(path)\"")
    }

    private static func directory(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
    }
}
