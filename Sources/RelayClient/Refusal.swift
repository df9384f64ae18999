public import Failures
internal import JSON

/// What a relay says of a message or an event that it does not take.
public struct Refusal: Failure, Equatable {
    public let reason: String
    public let code: String

    init(reason: String, code: String) {
        self.reason = reason
        self.code = code
    }

    /// Reads the object of an error event: `{"message", "code"}`, of which stock relays give the
    /// first alone.
    init(_ json: JSON) {
        reason = json["message"]?.string.map(relayWords) ?? "no reason given"
        code = json["code"]?.string ?? "refused"
    }

    static func tooLarge(limit: Int) -> Refusal {
        Refusal(reason: "it takes no message of more than \(limit) bytes", code: "tooLarge")
    }

    public var kind: FailureKind {
        switch code {
        case "unknownUser", "refused", "notAllowed": .refused
        case "tooLarge", "unknownEvent", "malformed", "missingField", "badField": .refused
        default: .temporary
        }
    }

    public var message: String { "the relay refused: \(reason)" }

    public var hint: String? {
        switch code {
        case "unknownUser": "check the name, or have them register"
        case "tooLarge": OutgoingMessage.tooLongHint
        default: kind == .temporary ? "try again later" : nil
        }
    }
}

/// A refusal that came again, told once for all of its messages.
struct RepeatedRefusal: Failure, Equatable {
    let refusal: Refusal
    /// The messages before the one that it is reported of.
    let count: Int

    var kind: FailureKind { refusal.kind }
    var code: String { refusal.code }
    var message: String { "\(refusal.message), as with \(count) messages before" }
    var hint: String? { refusal.hint }
}

/// The refusals of many messages: the first of each kind is told as it comes, and those like it that
/// follow are told together.
struct RefusalTally {
    struct Entry {
        let failure: any Failure
        let line: Int
    }

    private var last: Refusal?
    private var repeats = 0
    private var lastLine = 0

    /// What to tell when a message is refused.
    mutating func add(_ refusal: Refusal, line: Int) -> [Entry] {
        if refusal == last {
            repeats += 1
            lastLine = line
            return []
        }
        let before = finish()
        last = refusal
        return (before.map { [$0] } ?? []) + [Entry(failure: refusal, line: line)]
    }

    /// What is left to tell, when a message is taken or none is left.
    mutating func finish() -> Entry? {
        guard let refusal = last else { return nil }
        defer { (last, repeats) = (nil, 0) }
        switch repeats {
        case 0: return nil
        case 1: return Entry(failure: refusal, line: lastLine)
        default:
            return Entry(
                failure: RepeatedRefusal(refusal: refusal, count: repeats), line: lastLine)
        }
    }
}
