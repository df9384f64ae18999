public import Clock
public import Crypto
internal import JSON
internal import Wire

/// The secret under which tokens are made and verified, with HS256 (RFC 7518 section 3.2) and
/// nothing else: the key says which algorithm it is for, never the token (RFC 8725 section 3.1).
public struct SigningKey: Sendable {
    /// As long as the digest, as RFC 7518 section 3.2 demands.
    public static let minimumByteCount = 32
    /// Ours: a token with four short claims has some 250 bytes.
    public static let maximumTokenByteCount = 8192
    /// How far in the future `nbf` and `iat` may lie, since two clocks are never quite together.
    /// `exp` has no leeway: the end of a token is the end of what was begun with it.
    public static let defaultLeeway = Duration.seconds(30)
    public static let maximumLeeway = Duration.seconds(300)

    private let secret: SharedSecret
    private let leeway: Duration

    /// - Throws: `shortSecret`, or `secretIsPEM` where somebody's RSA key was given for a secret.
    public init(_ secret: SharedSecret, leeway: Duration = defaultLeeway) throws(JWTError) {
        let count = secret.bytes.count
        guard count >= Self.minimumByteCount else { throw .shortSecret(count) }
        let isPEM = unsafe secret.bytes.withBytes { unsafe Self.isPEM($0) }
        guard !isPEM else { throw .secretIsPEM }
        self.secret = secret
        self.leeway = min(leeway, Self.maximumLeeway)
    }

    /// Whether text begins like a PEM file (RFC 7468), after white space or a byte order mark.
    private static func isPEM(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let skipped: Set<UInt8> = [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0xEF, 0xBB, 0xBF]
        guard let start = unsafe bytes.firstIndex(where: { !skipped.contains($0) }) else {
            return false
        }
        return unsafe bytes[start...].starts(with: "-----BEGIN".utf8)
    }

    /// A signed token in the compact form (RFC 7515 section 7.1).
    public func makeToken(_ claims: Claims) -> String {
        let header = Base64.url.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8)
        let input = header + "." + Base64.url.encode(claims.encoded)
        let signature = HMACSHA256.authenticate(Array(input.utf8), key: secret.bytes)
        return input + "." + Base64.url.encode(signature)
    }

    /// The claims of a token that is genuine and valid now.
    ///
    /// The signature is checked before any claim is read.
    public func verify(
        _ token: ArraySlice<UInt8>, at now: Timestamp
    ) throws(JWTError) -> Claims {
        let parts = try TokenParts(token)
        try parts.checkHeader()
        try checkSignature(of: parts)
        let object = try parts.payload()
        let claims = try Claims(object)
        if let error = dateErrors(of: claims, in: object, at: now).first { throw error }
        return claims
    }

    func checkSignature(of parts: TokenParts) throws(JWTError) {
        guard let signature = Base64.url.decode(parts.signature) else {
            throw .notBase64URL(part: "signature")
        }
        let expected = HMACSHA256.authenticate(Array(parts.signingInput), key: secret.bytes)
        guard constantTimeEqual(signature, expected) else { throw .badSignature }
    }

    /// What is wrong with `exp`, `nbf` and `iat` at this time (RFC 7519 section 4.1).
    func dateErrors(of claims: Claims, in object: JSON, at now: Timestamp) -> [JWTError] {
        var errors: [JWTError] = []
        // "On or after" its expiration a token is not accepted.
        if now >= claims.expiresAt {
            errors.append(.expired(by: now - claims.expiresAt))
        }
        for claim in ["nbf", "iat"] {
            do throws(JWTError) {
                guard let date = try Claims.date(claim, in: object) else { continue }
                if date > now + leeway {
                    errors.append(.notYetValid(claim: claim, by: date - now))
                }
            } catch { errors.append(error) }
        }
        return errors
    }
}
