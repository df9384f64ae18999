/// Who opens a TCP connection or plays the DTLS client (RFC 4145 section 4, RFC 8842 section 5).
public struct Setup: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// The DTLS client.
    public static let active = Setup(rawValue: "active")
    /// The DTLS server.
    public static let passive = Setup(rawValue: "passive")
    public static let actpass = Setup(rawValue: "actpass")
    public static let holdconn = Setup(rawValue: "holdconn")

    public static let known: [Setup] = [.active, .passive, .actpass, .holdconn]
}
