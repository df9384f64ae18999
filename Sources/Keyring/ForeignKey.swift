public import Failures

/// A secret key of another program's format is in the place of an identity.
public struct ForeignKey: Failure, Equatable {
    public let format: Format

    public var kind: FailureKind { .malformed }
    public var code: String { "badKeyFile" }
    public var message: String {
        "this is a key in the format of \(format.rawValue), and no identity"
    }
    public var hint: String? {
        switch format {
        case .age: "decrypt -i takes it; its recipient is what age-keygen -y prints"
        case .openSSH: "decrypt -i takes it; to sign and to show, give what keygen made"
        case .pem, .jwk: "give the key file that it was exported from"
        }
    }

    /// The formats that keys come in besides our own.
    public enum Format: String, Sendable {
        case age
        case pem = "PEM"
        case openSSH = "OpenSSH"
        case jwk = "JWK"

        /// Nil where the text is in none of them.
        init?(of text: [UInt8]) {
            let text = text.drop { $0 <= 0x20 }
            if text.starts(with: "-----BEGIN OPENSSH PRIVATE KEY-----".utf8) {
                self = .openSSH
            } else if text.starts(with: "-----BEGIN ".utf8) && text.hasLine("PRIVATE KEY-----") {
                self = .pem
            } else if text.first == UInt8(ascii: "{") && text.hasLine(#""kty""#) {
                self = .jwk
            } else if text.split(separator: 0x0a).contains(where: {
                $0.starts(with: "AGE-SECRET-KEY-1".utf8)
            }) {
                self = .age
            } else {
                return nil
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether these characters are somewhere in the text.
    fileprivate func hasLine(_ characters: StaticString) -> Bool {
        let wanted = Array(String(describing: characters).utf8)
        return indices.contains { self[$0...].starts(with: wanted) }
    }
}
