internal import CLI
internal import Crypto
internal import CryptoJS
internal import Keyring
internal import Platform

extension Encrypt {
    static func sealCryptoJS(_ arguments: Arguments, _ console: Console) throws {
        guard arguments[recipients].isEmpty && arguments[recipientFiles].isEmpty,
            arguments[identity] == nil
        else {
            throw UsageError.conflict(
                "the format cryptojs knows no keys", hint: "give a passphrase alone")
        }
        console.note(
            "warning: the format cryptojs protects nothing from alteration, and a weak passphrase from "
                + "nobody")
        let passphrase =
            try PassphraseOptions.read(arguments, confirming: true)
            ?? PassphraseOptions.readForCryptoJS(confirming: true)
        var output = try outputFile(arguments)
        if arguments[lines] {
            let source = LineSource(
                try input(arguments), limit: SaltedText.maximumByteCount,
                keepingCarriageReturns: true)
            while let batch = try source.nextBatch() {
                for line in batch {
                    if let fault = line.fault {
                        console.report(fault, line: line.number)
                        continue
                    }
                    let text = try SaltedText.seal(line.text, passphrase: passphrase)
                    try output.write(text + [0x0a])
                }
            }
        } else {
            var bytes = try input(arguments).readAll(limit: SaltedText.maximumByteCount)
            defer { wipe(&bytes) }
            let text = try SaltedText.seal(bytes, passphrase: passphrase, inLines: true)
            try output.write(text + [0x0a])
        }
        if console.failure == nil || output.isStandardOutput { try output.commit() }
    }
}
