internal import Age
internal import CLI
internal import Crypto
internal import FileSealing
internal import Keyring
internal import Platform

extension Encrypt {
    static func sealAgeFile(_ arguments: Arguments, _ console: Console) throws {
        let recipients: [Recipient]
        if let passphrase = try sealingPassphrase(arguments) {
            recipients = [.passphrase(SharedSecret(try passphrase.read()))]
        } else {
            recipients = try namedRecipients(arguments).age
        }
        if arguments[identity] != nil {
            throw UsageError.conflict("an age file is not signed", hint: "leave -i out")
        }
        var output = try ageOutput(arguments, armored: arguments[armor])
        let input = try input(arguments)
        let progress = ShownProgress(arguments, console, total: input.byteCount)
        defer { progress.finish() }
        try sealFile(
            input, to: &output, for: recipients, armored: arguments[armor],
            progress: progress.advance)
        try output.commit()
    }

    static func rewrapFile(_ arguments: Arguments, _ console: Console) throws {
        let recipients = try namedRecipients(arguments).age
        guard !recipients.isEmpty else {
            throw UsageError.conflict("there is nobody to seal for", hint: "give -r")
        }
        let passphrase = try PassphraseOptions.read(arguments, confirming: false)
        let files = KeyFiles(passphrase: try PassphraseOptions.readForKeys(arguments))
        var identities = try files.readOrDefault(arguments[identity].map { [$0] } ?? []).age
        if let passphrase { identities.append(.passphrase(passphrase)) }
        let input = try input(arguments)
        let progress = ShownProgress(arguments, console, total: input.byteCount)
        defer { progress.finish() }
        let file = try SealedFile(input)
        let armored = arguments[armor] || file.form == .armored
        var output = try ageOutput(arguments, armored: armored)
        try file.rewrap(
            by: identities, for: recipients, armored: armored, to: &output,
            progress: progress.advance)
        try output.commit()
    }

    /// Binary is for files and programs; `-o -` says that it is meant nevertheless.
    private static func ageOutput(
        _ arguments: Arguments, armored: Bool
    ) throws -> OutputFile {
        let file = try outputFile(arguments)
        if file.isTerminal && !armored && arguments[output] != "-" {
            throw UsageError.conflict(
                "binary output would spoil the terminal", hint: "give -o FILE or --armor")
        }
        return file
    }
}
