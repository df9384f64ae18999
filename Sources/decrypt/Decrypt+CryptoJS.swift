internal import CLI
internal import Crypto
internal import Platform

extension Decrypt {
    static func openCryptoJS(
        _ input: consuming InputFile, startingWith start: [UInt8], _ passphrase: SharedSecret?,
        to output: consuming OutputFile
    ) throws {
        throw UsageError.conflict("the format cryptojs is not there yet", hint: nil)
    }
}
