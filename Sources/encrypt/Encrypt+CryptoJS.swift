internal import CLI

extension Encrypt {
    static func sealCryptoJS(_ arguments: Arguments, _ console: Console) throws {
        throw UsageError.conflict("the format cryptojs is not there yet", hint: nil)
    }
}
