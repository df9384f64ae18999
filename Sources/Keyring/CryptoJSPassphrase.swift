public import Crypto
internal import Platform

extension PassphraseOptions {
    /// The passphrase of the format cryptojs where no option says it: that in `ENCRYPTION_KEY`,
    /// else what is typed on the terminal.
    public static func readForCryptoJS(confirming: Bool) throws -> SharedSecret {
        let variable = "ENCRYPTION_KEY"
        let source: SecretSource =
            Environment.process[variable] == nil
            ? .prompt(
                "passphrase", confirming: confirming,
                otherwise: "set \(variable), or give --passphrase-file")
            : .environment(variable)
        return SharedSecret(try source.read())
    }
}
