public import Clock
public import JSON

/// All that can be said about a token, for the person who wonders why it is refused.
///
/// It never holds the secret, nor the signature that the token should have had.
public struct Explanation: Equatable, Sendable {
    /// The header, where it can be read.
    public let header: JSON?
    /// The payload, where it can be read; believe it only if `problems` is empty.
    public let payload: JSON?
    /// The same as claims, where they are what they should be.
    public let claims: Claims?
    /// Every reason to refuse the token, not only the first one; empty for a good token.
    public let problems: [JWTError]
}

extension SigningKey {
    public func explain(_ token: ArraySlice<UInt8>, at now: Timestamp) -> Explanation {
        let parts: TokenParts
        do throws(JWTError) { parts = try TokenParts(token) } catch {
            return Explanation(header: nil, payload: nil, claims: nil, problems: [error])
        }
        var problems: [JWTError] = []
        func note(_ check: () throws(JWTError) -> Void) {
            do throws(JWTError) { try check() } catch { problems.append(error) }
        }
        var payload: JSON?
        var claims: Claims?
        note { () throws(JWTError) in try parts.checkHeader() }
        note { () throws(JWTError) in try checkSignature(of: parts) }
        note { () throws(JWTError) in
            let object = try parts.payload()
            payload = object
            let found = try Claims(object)
            claims = found
            problems += dateErrors(of: found, in: object, at: now)
        }
        return Explanation(
            header: try? parts.headerObject(), payload: payload, claims: claims,
            problems: problems)
    }
}
