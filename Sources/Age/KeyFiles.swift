/// Files of recipients and of identities: one a line, empty lines and `#` comments between.
extension Recipient {
    /// Reads a recipients file.
    public static func parseFile(_ contents: [UInt8]) throws(AgeError) -> [Recipient] {
        var recipients: [Recipient] = []
        for (number, line) in KeyFile.lines(contents) {
            recipients.append(try Recipient(line, line: number))
        }
        guard !recipients.isEmpty else { throw .recipient(.empty, line: nil) }
        return recipients
    }
}

extension Identity {
    /// Reads an identity file: lines of `AGE-SECRET-KEY-1…`, or one OpenSSH private key.
    public static func parseFile(_ contents: [UInt8]) throws(AgeError) -> [Identity] {
        if contents.starts(with: OpenSSHKeyFile.beginLine.utf8) {
            do throws(KeyFault) {
                return [.sshEd25519(try OpenSSHKeyFile.identity(contents[...]))]
            } catch { throw .identity(error, line: nil) }
        }
        if contents.starts(with: "age-encryption.org/".utf8)
            || contents.starts(with: Armor.beginLine.utf8)
        {
            throw .identity(.encryptedIdentityFile, line: nil)
        }
        var identities: [Identity] = []
        for (number, line) in KeyFile.lines(contents) {
            do throws(KeyFault) {
                identities.append(.x25519(try X25519Identity(line)))
            } catch { throw .identity(error, line: number) }
        }
        guard !identities.isEmpty else { throw .identity(.empty, line: nil) }
        return identities
    }
}

private enum KeyFile {
    /// The lines that hold something, with their numbers from 1.
    static func lines(_ contents: [UInt8]) -> [(number: Int, text: ArraySlice<UInt8>)] {
        let lines = contents.split(separator: lineFeed, omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { offset, line in
            let text = line.last == carriageReturn ? line.dropLast() : line
            return text.isEmpty || text.first == UInt8(ascii: "#") ? nil : (offset + 1, text)
        }
    }
}
