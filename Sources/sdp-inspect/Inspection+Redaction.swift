internal import CLI
internal import Crypto
internal import Platform
internal import SDPRedaction

extension Inspection {
    /// The file of the user's own key in the state directory.
    private static let keyName = "redaction.key"
    private static let shortestKey = 16

    static func redactor(_ arguments: Arguments, _ console: Console) throws -> Redactor? {
        guard arguments[SDPInspect.redact] else {
            guard arguments.isGiven(SDPInspect.redactionKey) else { return nil }
            throw UsageError.conflict("--redact-key is for --redact alone", hint: "give --redact")
        }
        ProcessState.forbidDumps()
        if let path = arguments[SDPInspect.redactionKey] {
            let key = try KeyFile.read(path)
            guard key.count >= shortestKey else {
                throw UsageError.badValue(
                    path, option: "--redact-key", wanted: "a file of \(shortestKey) bytes or more")
            }
            return Redactor(key: key)
        }
        do throws(FileError) { return Redactor(key: try ownKey()) } catch {
            guard case .cannotCreate = error else { throw error }
            console.warn("pseudonyms hold for this run only: \(error.message)")
            return Redactor(key: .random(count: Redactor.keyByteCount))
        }
    }

    /// The user's key, made where there is none.
    private static func ownKey() throws(FileError) -> SecretBytes {
        let directory = StateDirectory.state()
        if let key = try readKey(directory) { return key }
        let lock = try directory.lock(keyName + ".lock")
        defer { _ = lock }
        if let key = try readKey(directory) { return key }
        var new = randomBytes(Redactor.keyByteCount)
        defer { wipe(&new) }
        try directory.replace(keyName, with: new)
        return SecretBytes(moving: &new)
    }

    private static func readKey(_ directory: StateDirectory) throws(FileError) -> SecretBytes? {
        guard var bytes = try directory.readPrivate(keyName, limit: KeyFile.sizeLimit),
            bytes.count >= shortestKey
        else { return nil }
        return SecretBytes(moving: &bytes)
    }
}
