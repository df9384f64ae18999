internal import Clock
public import Failures
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

/// The names of messages in an inbox: in the order that they came, and the key at the end.
struct InboxNames {
    private var count = 0

    mutating func next(_ key: MessageKey, at now: Timestamp) -> String {
        count += 1
        let digits = String(count)
        let padding = String(repeating: "0", count: max(0, 9 - digits.utf8.count))
        return "\(now.milliseconds).\(padding)\(digits).\(key.text)"
    }

    /// The key that a name ends with; nil for a name that is not one of ours.
    static func key(_ name: String) -> MessageKey? {
        guard let digits = name.split(whereSeparator: { $0 == "." }).last,
            let bytes = Hex.decode(String(digits)), bytes.count == MessageKey.byteCount
        else { return nil }
        return MessageKey(bytes[...])
    }
}
