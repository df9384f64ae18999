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
        reason = json["message"]?.string ?? "no reason given"
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
