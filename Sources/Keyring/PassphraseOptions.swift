public import CLI
public import Crypto
public import Platform

/// The options by which a passphrase comes, the same for every tool that takes one.
public enum PassphraseOptions {
    public static let ask = Option.flag(
        "passphrase", short: "p", "Ask for a passphrase on the terminal.")
    public static let file = Option.file(
        "passphrase-file", "Take the passphrase from this private file.")
    public static let descriptor = Option.number(
        "passphrase-fd", value: "FD", in: 0...1023,
        "Take the passphrase from this open descriptor.")

    public static let all: [any DeclaredOption] = [ask, file, descriptor]

    /// For tools that take both keys and a passphrase.
    public static let keyFile = Option.file(
        "identity-passphrase-file",
        "Take the passphrase of key files from this file.")

    /// Where the passphrase is to come from; nil where none of the options is given.
    public static func source(
        _ arguments: Arguments, prompt: String = "passphrase", confirming: Bool
    ) throws(UsageError) -> SecretSource? {
        let sources: [SecretSource?] = [
            arguments[file].map { .file($0) },
            arguments[descriptor].map { .descriptor(CInt($0)) },
        ]
        let named = sources.compactMap { $0 }
        if named.count + (arguments[ask] ? 1 : 0) > 1 {
            throw .conflict("two sources of one passphrase", hint: "give one")
        }
        if let source = named.first { return source }
        guard arguments[ask] else { return nil }
        return .prompt(
            prompt, confirming: confirming,
            otherwise: "give --\(file.spec.name) or --\(descriptor.spec.name)")
    }

    /// The passphrase; nil where none of the options is given.
    public static func read(_ arguments: Arguments, confirming: Bool) throws -> SharedSecret? {
        guard let source = try source(arguments, confirming: confirming) else { return nil }
        return SharedSecret(try source.read())
    }

    /// The passphrase of key files; nil asks on the terminal when one turns out to be needed.
    public static func readForKeys(_ arguments: Arguments) throws -> SharedSecret? {
        guard let path = arguments[keyFile] else { return nil }
        return SharedSecret(try SecretSource.file(path).read())
    }
}
