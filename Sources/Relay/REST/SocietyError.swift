internal import HTTP

/// Why something is refused that a caller wants of a group, a device or a thread which it may know
/// of. Of all others it is told that they are not there.
enum SocietyError: Equatable {
    case notAdmin
    case lastAdmin
    /// The group's epoch is another one.
    case wrongEpoch(current: Int64)
    /// Not every member gets the new key, or somebody else does.
    case notCovered
    case alreadyMember
    case unknownUser
    case tooMany(String)
    case queueFull
    /// The login is bound to another device.
    case otherDevice

    var status: Status {
        switch self {
        case .notAdmin: .forbidden
        case .lastAdmin, .wrongEpoch, .notCovered, .alreadyMember, .tooMany, .otherDevice: .conflict
        case .unknownUser: .notFound
        case .queueFull: .serviceUnavailable
        }
    }

    var code: String {
        switch self {
        case .notAdmin: "notAdmin"
        case .lastAdmin: "lastAdmin"
        case .wrongEpoch: "wrongEpoch"
        case .notCovered: "notCovered"
        case .alreadyMember: "alreadyMember"
        case .unknownUser: "unknownUser"
        case .tooMany: "limitReached"
        case .queueFull: "queueFull"
        case .otherDevice: "otherDevice"
        }
    }

    var message: String {
        switch self {
        case .notAdmin: "Only an admin of the group may do this"
        case .lastAdmin: "The last admin cannot go; make somebody else one first"
        case .wrongEpoch(let current): "The group is in epoch \(current)"
        case .notCovered: "There must be a sealed key for every member, and for nobody else"
        case .alreadyMember: "This user is in the group already"
        case .unknownUser: "User not found"
        case .tooMany(let what): "Too many \(what)"
        case .queueFull: "Too many messages wait for this user"
        case .otherDevice: "This login belongs to another device"
        }
    }
}
