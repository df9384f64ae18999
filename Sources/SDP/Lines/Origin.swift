/// `o=`: who made the session, and which version of it this is (RFC 8866 section 5.2).
public struct Origin: LineValue {
    public static let form = LineForm.line(.origin)

    /// `-` where the host has no user names.
    public var username: String
    /// Digits of any length, by the RFC; kept as they are.
    public var sessionID: String
    /// Digits that grow with each change of the session (RFC 3264 section 8).
    public var sessionVersion: String
    public var networkType: String
    public var addressType: String
    public var address: String

    public init(
        username: String = "-", sessionID: String, sessionVersion: String,
        networkType: String = "IN", addressType: String = "IP4", address: String
    ) {
        self.username = username
        self.sessionID = sessionID
        self.sessionVersion = sessionVersion
        self.networkType = networkType
        self.addressType = addressType
        self.address = address
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        username = try reader.word("user name")
        sessionID = try reader.word("session id")
        sessionVersion = try reader.word("session version")
        networkType = try reader.word("network type")
        addressType = try reader.word("address type")
        address = try reader.word("address")
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(username)
        writer.words([sessionID, sessionVersion, networkType, addressType, address])
    }
}
