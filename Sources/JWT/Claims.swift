public import Clock
internal import JSON

/// What a token says about its bearer (RFC 7519 section 4).
public struct Claims: Equatable, Sendable {
    /// `_id`: the user, 1 to 128 printable ASCII characters.
    public var userID: String
    public var email: String?
    /// `sid`: the login that the token came from, so that it can end before its tokens do.
    public var session: String?
    public var issuedAt: Timestamp?
    public var expiresAt: Timestamp

    /// Claim values longer than this are refused.
    public static let maximumTextByteCount = 320
    public static let maximumUserIDByteCount = 128

    public init(
        userID: String, email: String?, session: String?, issuedAt: Timestamp?,
        expiresAt: Timestamp
    ) {
        self.userID = userID
        self.email = email
        self.session = session
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("_id")
        writer.string(userID)
        if let email {
            writer.name("email")
            writer.string(email)
        }
        if let session {
            writer.name("sid")
            writer.string(session)
        }
        if let issuedAt {
            writer.name("iat")
            writer.integer(issuedAt.seconds)
        }
        writer.name("exp")
        writer.integer(expiresAt.seconds)
        writer.endObject()
        return writer.bytes
    }
}

extension Claims {
    init(_ object: JSON) throws(JWTError) {
        guard let id = try Self.text("_id", in: object) else { throw .missingClaim("_id") }
        guard (1...Self.maximumUserIDByteCount).contains(id.utf8.count),
            id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .badClaim("_id") }
        guard let expiresAt = try Self.date("exp", in: object) else { throw .missingClaim("exp") }
        self.init(
            userID: id, email: try Self.text("email", in: object),
            session: try Self.text("sid", in: object), issuedAt: try Self.date("iat", in: object),
            expiresAt: expiresAt)
    }

    private static func text(_ name: String, in object: JSON) throws(JWTError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string, (1...maximumTextByteCount).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw .badClaim(name) }
        return text
    }

    /// A NumericDate (RFC 7519 section 2): seconds, perhaps with a fraction, up to the year 9999.
    static func date(_ name: String, in object: JSON) throws(JWTError) -> Timestamp? {
        guard let value = object[name] else { return nil }
        guard case .number(let text) = value, let seconds = Double(text),
            (0...latestDate).contains(seconds)
        else { throw .badClaim(name) }
        return Timestamp(milliseconds: Int64(seconds * 1000))
    }

    /// 9999-12-31T23:59:59Z.
    private static let latestDate = 253_402_300_799.0
}
