internal import CLI
internal import Clock
internal import Crypto
internal import JWT
internal import Platform
internal import Relay
internal import Storage

/// A relay for one command: it has the store, and neither a listener nor clients. So a command does
/// the same by the same code whether a relay runs or not.
final class OwnRelay {
    private let loop: EventLoop
    private var relay: RelayServer
    private let store: Store
    private let passwords: PasswordWorker
    private var lines: [[UInt8]] = []
    private var isAnswered = false

    init(_ options: RelayOptions, makesDatabase: Bool) throws {
        if makesDatabase { try SignalRelay.prepareDirectory(of: options.database) }
        try Store.check(options.database, mustExist: !makesDatabase)
        loop = try EventLoop()
        let replies = try Inbox<[StoreReply]>(on: loop)
        let hashes = try Inbox<(Ticket, PasswordResult)>(on: loop)
        var storeOptions = StoreOptions(database: options.database, keyFile: options.keyFile)
        storeOptions.retention = options.retention
        storeOptions.logRetention = options.logRetention
        storeOptions.history = options.history
        storeOptions.forgetsOnOpen = false
        let opened = try Store.open(storeOptions, now: WallClock().now) { replies.send($0) }
        store = opened.store
        passwords = try PasswordWorker { hashes.send(($0, $1)) }
        relay = RelayServer(
            key: try options.signingKey(), limits: options.limits.relay, state: opened.state,
            now: loop.now, wall: WallClock().now)
        replies.receive = { [unowned self] batches in
            for reply in batches.joined() { relay.storeDid(reply.ticket, reply.result) }
        }
        hashes.receive = { [unowned self] results in
            for (ticket, result) in results { relay.passwordDid(ticket, result) }
        }
    }

    /// - Returns: the lines of the answer.
    func ask(_ line: [UInt8], timeout: Duration) throws -> [[UInt8]] {
        lines = []
        isAnswered = false
        relay.advance(to: loop.now, wall: WallClock().now)
        relay.receive(control: line, number: 0)
        performEffects()
        let deadline = MonotonicClock().now + timeout
        while !isAnswered {
            let left = deadline - MonotonicClock().now
            guard left > .zero else { throw ControlFailure.noAnswer(timeout) }
            try loop.turn(waitingAtMost: left)
            performEffects()
        }
        return lines
    }

    private func performEffects() {
        relay.endTurn()
        while true {
            let effects = relay.takeEffects()
            if effects.isEmpty { return }
            for effect in effects { perform(effect) }
        }
    }

    /// There are no clients, so what is for them is for nobody.
    private func perform(_ effect: Effect) {
        switch effect {
        case .store(let ticket, let operation): store.submit([(ticket, operation)])
        case .password(let ticket, let job):
            if !passwords.submit(ticket, job) { relay.passwordDid(ticket, .busy) }
        case .reply(_, let more, let isLast):
            lines += more
            isAnswered = isAnswered || isLast
        default: return
        }
    }

    func close() {
        relay.finish()
        performEffects()
        store.close()
        passwords.close()
    }
}
