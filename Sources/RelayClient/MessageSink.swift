internal import Clock
public import Failures
internal import HTTPClient
internal import Platform
internal import Wire

/// Where the messages go that `recvmsg` gets.
public enum MessageSink: Sendable {
    /// A line each.
    case standardOutput
    /// A file each, in a Maildir.
    case inbox(String)
    /// A run of this shell command each, with the line as its standard input.
    case command(String)
}

/// A command of `recvmsg --exec` that did not take a message.
public struct CommandFailure: Failure, Equatable {
    let command: String
    let ending: ChildProcess.Ending

    public var kind: FailureKind { .temporary }
    public var code: String { "commandFailed" }

    public var message: String {
        switch ending {
        case .exited(let status): "\"\(command)\" ended with status \(status)"
        case .killed(let signal): "\"\(command)\" was ended by signal \(signal)"
        case .unknown: "\"\(command)\" ended, and how is not known"
        }
    }

    public var hint: String? { "the relay keeps the message, and sends it again" }
}

/// Why messages cannot be put into an inbox.
public struct InboxFailure: Failure, Equatable {
    let error: FileError

    init(_ error: FileError) { self.error = error }

    static let keeping = "the relay keeps what is not in the inbox, and sends it again"

    public var kind: FailureKind { error.kind }
    public var code: String { error.code }
    public var message: String { error.message }
    public var hint: String? { error.hint ?? Self.keeping }
}

/// The names of messages in an inbox: in the order that they came, and the key at the end.
struct InboxNames {
    /// Whose names they are: several logins may share an inbox.
    private let owner: String
    private var count = 0

    init(of account: Account, at relay: RelayAddress) {
        let hash = MessageKey(sender: account.userID, id: relay.description).text
        owner = String(hash.prefix(Self.ownerLength))
    }

    private static let ownerLength = 8
    private static let countLength = 9

    mutating func next(_ key: MessageKey, at now: Timestamp) -> String {
        count += 1
        let digits = String(count)
        let padding = String(
            repeating: "0", count: max(0, Self.countLength - digits.utf8.count))
        return "\(now.milliseconds).\(padding)\(digits).\(owner).\(key.text)"
    }

    /// The key that a name ends with; nil for a name that is not one of this owner's.
    func key(_ name: String) -> MessageKey? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, Int64(parts[0]) != nil, parts[1].utf8.count >= Self.countLength,
            Int(parts[1]) != nil, parts[2] == owner, let bytes = Hex.decode(String(parts[3])),
            bytes.count == MessageKey.byteCount
        else { return nil }
        return MessageKey(bytes[...])
    }
}
