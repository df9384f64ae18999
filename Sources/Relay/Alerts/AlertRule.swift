/// Signalling that is out of the ordinary. Each rule has a threshold among the limits, where 0
/// switches it off, and a window of time; within one window it speaks once about one user or
/// address.
enum AlertRule: String, CaseIterable, Sendable {
    /// Failed logins, codes and tokens from one address, or for one account.
    case authFailures
    /// Different users and groups to whom one user wrote, and users whom it took into groups.
    case manyTargets
    /// Calls that one user makes, or gets from whomever.
    case callFlood
    /// Events of one connection that were refused.
    case refusedEvents
    /// Rooms, groups, threads and users that one user asked for and that do not exist, or not for
    /// that user.
    case roomScan
    /// Refresh tokens of one user that were used twice.
    case tokenReuse
    /// Connections that were made from one address.
    case connectFlood
    /// Different addresses from which one user connected.
    case manyAddresses

    var window: Duration { self == .manyAddresses ? .seconds(3600) : .seconds(60) }

    func threshold(_ limits: Limits) -> Int {
        switch self {
        case .authFailures: limits.alertAuthFailures
        case .manyTargets: limits.alertManyTargets
        case .callFlood: limits.alertCallFlood
        case .refusedEvents: limits.alertRefusedEvents
        case .roomScan: limits.alertRoomScan
        case .tokenReuse: limits.alertTokenReuse
        case .connectFlood: limits.alertConnectFlood
        case .manyAddresses: limits.alertManyAddresses
        }
    }

    /// Events with which clients call somebody.
    static let callEvents: Set<String> = ["call_initiate", "callUser", "call_offer"]
    /// Codes that whoever tries names gets.
    static let scanCodes: Set<String> = [
        "unknownUser", "unknownRoom", "notInRoom", "notMember", "noSharedRoom",
    ]
}
