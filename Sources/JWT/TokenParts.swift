internal import JSON
internal import Wire

/// The three parts of a token in compact form, not decoded yet.
struct TokenParts {
    let header: ArraySlice<UInt8>
    let body: ArraySlice<UInt8>
    let signature: ArraySlice<UInt8>
    /// The header and the payload with their dot: what is signed.
    let signingInput: ArraySlice<UInt8>

    init(_ token: ArraySlice<UInt8>) throws(JWTError) {
        guard token.count <= SigningKey.maximumTokenByteCount else {
            throw .tooLong(token.count)
        }
        let parts = token.split(separator: 0x2e, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        header = parts[0]
        body = parts[1]
        signature = parts[2]
        signingInput = token[header.startIndex..<body.endIndex]
    }

    /// Headers that let a token bring its own key, or that change how it is to be read.
    static let forbiddenHeaders = ["b64", "crit", "cty", "jku", "jwk", "x5c", "x5u", "zip"]

    /// The algorithm must be the key's, and nothing may stand in the header that asks for more
    /// (RFC 8725 sections 3.1 and 3.10; RFC 7515 section 4.1.11).
    func checkHeader() throws(JWTError) {
        let object = try headerObject()
        let algorithm = object["alg"]?.string
        guard algorithm == "HS256" else { throw .wrongAlgorithm(algorithm) }
        for name in Self.forbiddenHeaders where object[name] != nil {
            throw .forbiddenHeader(name)
        }
        if let type = object["typ"], type.string?.uppercased() != "JWT" {
            throw .forbiddenHeader("typ")
        }
    }

    func headerObject() throws(JWTError) -> JSON { try Self.object(header, part: "header") }
    func payload() throws(JWTError) -> JSON { try Self.object(body, part: "payload") }

    private static func object(
        _ text: ArraySlice<UInt8>, part: String
    ) throws(JWTError) -> JSON {
        guard let bytes = Base64.url.decode(text) else { throw .notBase64URL(part: part) }
        // Refuses two members of one name, about which two readers could disagree.
        guard let value = try? JSON(parsing: bytes), value.members != nil else {
            throw .notJSON(part: part)
        }
        return value
    }
}
