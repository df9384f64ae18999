internal import Metrics

/// What the relay counted since it started.
public struct Counters: Sendable {
    /// Events by the row of the table; the last place is for those that no row has.
    var events: Tally
    /// Why events, requests and clients were turned away, by code.
    var refusedEvents = SparseTally()
    var refusedRequests = SparseTally()
    var refusedConnections = SparseTally()
    /// Requests and tries of an address or an account beyond what it may do, by limit.
    var refusedByLimit = Tally(AttemptLimit.allCases.map(\.rawValue))
    var connections = 0
    var keptMessages = 0
    /// Messages for a mailbox that had no room, by event.
    var notKept = SparseTally()
    /// Messages that were dropped since the keys of the storage layer were gone.
    var lostMessages = 0
    var duplicates = 0
    var notices = 0
    var calls = 0
    /// Alerts by rule.
    var alerts = SparseTally()
    /// How often an account, or an e-mail address that no account has, was locked out.
    var lockedAccounts = 0
    /// How often a network address was locked out.
    var lockedAddresses = 0
    /// Clients that went on where they were, and those that wanted to and could not.
    var recoveries = 0
    var failedRecoveries = 0
    /// How often a client read too slowly, so that what came for it went into the store.
    var congestions = 0

    init(routes: [CompiledRoute]) {
        events = Tally(routes.map(\.route.event) + [Self.unknown])
    }

    mutating func countEvent(_ index: Int) { events.count(index) }
    mutating func countRefusedEvent(_ code: String) { refusedEvents.count(code) }
    mutating func countRefusedRequest(_ code: String) { refusedRequests.count(code) }
    mutating func countRefusedConnection(_ code: String) { refusedConnections.count(code) }

    mutating func countNotKept(_ event: String, _ count: UInt64 = 1) {
        notKept.count(event, count)
    }
    mutating func countRefusal(by limit: AttemptLimit) {
        refusedByLimit.count(AttemptLimit.allCases.firstIndex(of: limit) ?? -1)
    }

    /// What stands for the names that clients made up.
    static let unknown = "unknown"
}

/// The limits of those who register, log in and prove who they are, by their names among `Limits`.
enum AttemptLimit: String, CaseIterable {
    case authRequests, failuresPerAccount, failuresPerAddress, registrationsPerAddress
}
