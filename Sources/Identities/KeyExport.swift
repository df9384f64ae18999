internal import Age
internal import Crypto
internal import JSON
internal import Wire

/// The keys of an identity as other programs read them.
public enum KeyFormat: String, CaseIterable, Sendable {
    case parley, age, pem, jwk
}

extension PublicIdentity {
    /// The public half in a format, with a newline at the end.
    public func text(in format: KeyFormat) -> String {
        switch format {
        case .parley: json.text + "\n"
        case .age: ageRecipient + "\n"
        case .pem:
            pem("PUBLIC KEY", PKIX.publicKey(.ed25519, signKey))
                + pem("PUBLIC KEY", PKIX.publicKey(.x25519, agreeKey))
        case .jwk: jwkSet().text + "\n"
        }
    }

    /// A JWK set (RFC 7517 section 5) of two octet key pairs (RFC 8037 section 2).
    fileprivate func jwkSet(signSecret: String? = nil, agreeSecret: String? = nil) -> JSON {
        func key(_ curve: String, use: String, _ x: [UInt8], _ d: String?) -> JSON {
            var members = [
                JSON.Member("kty", "OKP"), JSON.Member("crv", .string(curve)),
                JSON.Member("use", .string(use)),
                JSON.Member("kid", .string(fingerprint.description)),
                JSON.Member("x", .string(Base64.url.encode(x))),
            ]
            if let d { members.append(JSON.Member("d", .string(d))) }
            return .object(members)
        }
        return [
            "keys": [
                key("Ed25519", use: "sig", signKey, signSecret),
                key("X25519", use: "enc", agreeKey, agreeSecret),
            ]
        ]
    }
}

extension SecretIdentity {
    /// The secret half in a format. Wipe it after use.
    ///
    /// Only `parley` holds the seed and can be read back whole; `age` holds the X25519 key alone.
    public func text(in format: KeyFormat) -> [UInt8] {
        switch format {
        case .parley: return keyFileText
        case .age:
            let comment = "# public key: \(publicIdentity.ageRecipient)\n"
            return Array(comment.utf8) + ageIdentity.secretText
                + [0x0a]
        case .pem:
            return withSecretKeys { sign, agree in
                Array(
                    (pem("PRIVATE KEY", PKIX.privateKey(.ed25519, sign))
                        + pem("PRIVATE KEY", PKIX.privateKey(.x25519, agree))).utf8)
            }
        case .jwk:
            return withSecretKeys { sign, agree in
                publicIdentity.jwkSet(
                    signSecret: Base64.url.encode(sign), agreeSecret: Base64.url.encode(agree)
                ).encoded + [0x0a]
            }
        }
    }

    /// The Ed25519 seed and the X25519 key, wiped afterwards.
    private func withSecretKeys<Result>(_ body: ([UInt8], [UInt8]) -> Result) -> Result {
        var sign = unsafe signingKey.bytes.withBytes { unsafe Array($0.prefix(32)) }
        var agree = unsafe agreementKey.bytes.withBytes { unsafe Array($0) }
        defer {
            wipe(&sign)
            wipe(&agree)
        }
        return body(sign, agree)
    }
}

/// The DER of RFC 8410, which for keys of 32 bytes is a fixed text in front of the key.
private enum PKIX {
    /// The last byte of the object identifier 1.3.101.110 or 1.3.101.112 (section 3).
    enum Algorithm: UInt8 {
        case x25519 = 0x6e
        case ed25519 = 0x70
    }

    /// SubjectPublicKeyInfo (section 4).
    static func publicKey(_ algorithm: Algorithm, _ key: [UInt8]) -> [UInt8] {
        [0x30, 0x2a] + identifier(algorithm) + [0x03, 0x21, 0x00] + key
    }

    /// OneAsymmetricKey, version 1 (section 7).
    static func privateKey(_ algorithm: Algorithm, _ key: [UInt8]) -> [UInt8] {
        [0x30, 0x2e, 0x02, 0x01, 0x00] + identifier(algorithm) + [0x04, 0x22, 0x04, 0x20] + key
    }

    private static func identifier(_ algorithm: Algorithm) -> [UInt8] {
        [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, algorithm.rawValue]
    }
}

/// Strict textual encoding (RFC 7468); none of ours is longer than a line of 64 characters twice.
private func pem(_ label: String, _ der: [UInt8]) -> String {
    var rest = Base64.standard.encode(der)[...]
    var lines = "-----BEGIN \(label)-----\n"
    while !rest.isEmpty {
        lines += rest.prefix(64) + "\n"
        rest = rest.dropFirst(64)
    }
    return lines + "-----END \(label)-----\n"
}
