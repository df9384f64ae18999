public import Failures

/// Why an operator's request is not carried out.
public enum ControlError: Failure, Equatable {
    case malformed
    case unknownRequest(String)
    case missingField(String)
    /// A field, and where it is known what it should be.
    case badField(String, String? = nil)
    /// There is an account of this e-mail address already.
    case emailTaken(String)
    /// Nobody has this user id or e-mail address.
    case unknownUser(String)
    /// The store failed; the code is its word.
    case notStored(code: String)
    /// What the relay refuses elsewhere, too: the same request over HTTP, or a client.
    case refused(code: String, message: String, hint: String? = nil)

    public var kind: FailureKind {
        switch self {
        case .malformed, .unknownRequest: .protocolViolation
        case .missingField, .badField: .usage
        case .unknownUser, .emailTaken, .refused: .refused
        case .notStored: .temporary
        }
    }

    public var code: String {
        switch self {
        case .malformed: "malformed"
        case .unknownRequest: "unknownRequest"
        case .missingField: "missingField"
        case .badField: "badField"
        case .unknownUser: "unknownUser"
        case .emailTaken: "emailTaken"
        case .notStored(let code): code
        case .refused(let code, _, _): code
        }
    }

    public var message: String {
        switch self {
        case .malformed: "the request is not a JSON object"
        case .unknownRequest(let name): "the relay does not know the request \"\(name)\""
        case .missingField(let name): "the field \(name) is missing"
        case .badField(let name, let sentence):
            sentence ?? "the field \(name) is not what it should be"
        case .emailTaken(let email): "there is an account of \"\(email)\" already"
        case .unknownUser(let name): "there is no user \"\(name)\""
        case .notStored(let code): "the store failed: \(code)"
        case .refused(_, let message, _): message
        }
    }

    public var hint: String? {
        switch self {
        case .unknownRequest: "use the signal-relay of the version that runs"
        case .unknownUser: "give a user id or an e-mail address"
        case .emailTaken:
            "give another address, or first remove it with signal-relay user remove"
        case .notStored(code: "storeFull"):
            "make some room on the database's disk and try again: to forget takes a little, too"
        case .refused(_, _, let hint): hint
        default: nil
        }
    }
}

extension ControlError {
    init(_ error: RESTError) {
        switch error {
        case .badField(let name, let sentence): self = .badField(name, sentence)
        case .missingField(let name): self = .missingField(name)
        case .notStored(let code): self = .notStored(code: code)
        default: self = .refused(code: error.code, message: error.message.withSmallInitial)
        }
    }
}

extension String {
    /// As what is said in a terminal begins; what is said over HTTP begins with a capital.
    var withSmallInitial: String { prefix(1).lowercased() + dropFirst() }
}
