public import Clock

/// A device of a user, without its key material.
public struct StoredDevice: Equatable, Sendable {
    public let number: Int64
    public let id: String
    public let account: Int64
    public let name: String
    public let created: Timestamp
    /// The logins that it is bound to, each with the end of the token that bound it.
    public var sessions: [String: Timestamp]

    public init(
        number: Int64, id: String, account: Int64, name: String, created: Timestamp,
        sessions: [String: Timestamp]
    ) {
        self.number = number
        self.id = id
        self.account = account
        self.name = name
        self.created = created
        self.sessions = sessions
    }

    /// The number of its mailbox; those of users are above zero.
    public var mailbox: Int64 { -number }
}

public enum DeviceOperation: Sendable {
    /// - Parameter keys: key material that was sealed for it: JSON.
    case add(StoredDevice, keys: String?)
    /// Binds one more login to a device.
    case bind(device: Int64, session: String, until: Timestamp)
    case setKeys(device: Int64, String)
    case keys(device: Int64)
    /// Removes a device and all that is kept for it, and ends logins.
    case remove(device: Int64, sessions: [String: Timestamp])
}

public enum DeviceResult: Equatable, Sendable {
    case keys(String?)
}
