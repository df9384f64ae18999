public import Failures

/// Why an event was not carried out. The sender is told the message and the code.
public enum EventError: Failure, Equatable {
    case unknownEvent
    /// The event's first argument is not an object, or its JSON is broken.
    case malformed
    case missingField(String)
    /// Attachments came with it.
    case binaryData
    case badField(String)
    /// Nobody has this socket id, user id or e-mail address.
    case unknownPeer
    case peerOffline
    case tooManyRooms
    case roomFull
    /// The two share no room, or the sender is not in the room that it names.
    case notInRoom
    /// The e-mail address in the event is not that of the sender's account.
    case wrongEmail
    case tooManyCalls
    /// The sender has too many files half sent.
    case tooManyUploads
    /// The sender asks for this too often.
    case rateLimited
    /// The receiver's queue is full.
    case queueFull
    /// The store could not keep the message, so it was not sent.
    case notStored(code: String)

    public var kind: FailureKind {
        switch self {
        case .unknownEvent, .malformed, .missingField, .badField, .binaryData: .protocolViolation
        case .unknownPeer, .notInRoom, .wrongEmail: .refused
        case .peerOffline, .tooManyRooms, .roomFull, .tooManyCalls, .tooManyUploads, .rateLimited,
            .queueFull, .notStored:
            .temporary
        }
    }

    public var code: String {
        switch self {
        case .unknownEvent: "unknownEvent"
        case .malformed: "malformed"
        case .missingField: "missingField"
        case .binaryData: "binaryData"
        case .badField: "badField"
        case .unknownPeer: "unknownUser"
        case .peerOffline: "peerOffline"
        case .tooManyRooms: "tooManyRooms"
        case .roomFull: "roomFull"
        case .notInRoom: "notInRoom"
        case .wrongEmail: "wrongEmail"
        case .tooManyCalls: "tooManyCalls"
        case .tooManyUploads: "tooManyUploads"
        case .rateLimited: "rateLimited"
        case .queueFull: "queueFull"
        case .notStored(let code): code
        }
    }

    public var message: String {
        switch self {
        case .unknownEvent: "Unknown event"
        case .malformed: "The event needs an object"
        case .missingField(let name): "The field \(name) is missing"
        case .binaryData: "The event takes text only"
        case .badField(let name): "The field \(name) is not what it should be"
        case .unknownPeer: "User not found"
        case .peerOffline: "User is offline"
        case .tooManyRooms: "Too many rooms"
        case .roomFull: "The room is full"
        case .notInRoom: "You are not in a room with this user"
        case .wrongEmail: "This is not your email"
        case .tooManyCalls: "Too many calls"
        case .tooManyUploads: "Too many files are half sent"
        case .rateLimited: "Too many requests; try again later"
        case .queueFull: "Too many messages wait for this user"
        case .notStored: "The message could not be stored"
        }
    }
}
