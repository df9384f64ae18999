import CLinux
import Glibc

/// Pairs of users who write to each other all the time, say of each message that they have it, and come
/// back when they are cut off, with what nobody acknowledged. In the end nothing that was acknowledged may
/// be missing. Between the messages go signals, which are kept nowhere: the relay's latency is theirs,
/// since that of a message is the disk's.
///
/// A line a minute on standard error says how it goes.
final class Soak {
    /// How long a client waits before it tries again.
    private static let retryTime = 0.2
    /// Clients that may be on their way in at once.
    private static let openingLimit = 256
    /// How long before it has something to send the generator stops sleeping.
    private static let wakingTime = 60e-6

    private final class Member {
        let user: User
        var client: Client?
        var isIn = false
        var retryAt = 0.0
        /// The number of the next message that it sends.
        var next = 0
        /// When each message was due that nobody has acknowledged.
        var unacknowledged: [Int: Double] = [:]
        /// When each signal was due that its peer has not seen, oldest first.
        var signals: ArraySlice<Double> = []
        /// When each message was due that its peer has not seen.
        var unseen: [Int: Double] = [:]
        var acknowledged: Set<Int> = []
        /// The numbers of its peer's messages that it got.
        var got: Set<Int> = []

        init(_ user: User) { self.user = user }
    }

    private let port: UInt16
    private let rate: Double
    private let signalRate: Double
    private let members: [Member]
    private let poller = shim_epoll_create()
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var events = [epoll_event](repeating: epoll_event(), count: 1024)
    private var opening = 0
    private var inCount = 0
    private var outSince: Double?
    /// From when on the latency counts.
    private var steadyAt = 0.0
    /// After the last client came in.
    private static let timeToSteady = 5.0
    private var longestOut = 0.0
    private var cuts = 0
    private var repeated = 0
    private var latencies: [Double] = []
    private var signalLatencies: [Double] = []

    /// - Parameters:
    ///   - rate: messages a second, of all together.
    ///   - signalRate: signals a second.
    init(_ users: [User], port: UInt16, rate: Double, signalRate: Double) {
        self.port = port
        self.rate = rate
        self.signalRate = signalRate
        members = users.map { user in
            var user = user
            user.isReliable = true
            return Member(user)
        }
    }

    func run(seconds: Double, settling: Double) -> String {
        while inCount < members.count { turn() }
        (outSince, longestOut) = (nil, 0)
        tell("joined")
        let start = now()
        var minute = start + 60
        var messages = Schedule(start: start, rate: rate)
        // They begin elsewhere in the round, so that no member has both at once.
        var signals = Schedule(start: start, rate: signalRate, next: members.count / 2)
        while now() < start + seconds {
            while messages.due <= now() {
                let (sender, due) = messages.takeNext(of: members.count)
                send(from: sender, due: due)
            }
            while signals.due <= now() {
                let (sender, due) = signals.takeNext(of: members.count)
                signal(from: sender, due: due)
            }
            // It wakes before the next is due, so that its own waking is not taken for latency; a
            // generator that never slept would leave one processor less to the relay and the system.
            turn(waiting: min(messages.due, signals.due) - now() - Self.wakingTime)
            if now() >= minute {
                minute += 60
                report()
            }
        }
        let end = now() + settling
        while now() < end,
            members.contains(where: { !$0.unacknowledged.isEmpty || !$0.unseen.isEmpty })
        {
            turn()
        }
        return result
    }

    // MARK: Messages

    /// Who is to send when, in turn and at a steady rate.
    private struct Schedule {
        private let start: Double
        private let rate: Double
        private var count = 0
        private var next: Int

        init(start: Double, rate: Double, next: Int = 0) {
            (self.start, self.rate, self.next) = (start, rate, next)
        }

        var due: Double { start + Double(count) / rate }

        mutating func takeNext(of memberCount: Int) -> (sender: Int, due: Double) {
            defer {
                count += 1
                next = (next + 1) % memberCount
            }
            return (next, due)
        }
    }

    private func signal(from index: Int, due: Double) {
        let member = members[index]
        guard member.isIn, members[index ^ 1].isIn else { return }
        member.signals.append(due)
        member.client?.send(
            Dialect.socketIO.frame(Message.signal.text(to: members[index ^ 1].user, .socketIO)))
    }

    private static let signalled = Message.signal.arrival(.socketIO)

    private func send(from index: Int, due: Double) {
        let member = members[index]
        member.unacknowledged[member.next] = due
        member.unseen[member.next] = due
        if member.isIn { member.client?.send(frame(index, member.next)) }
        member.next += 1
    }

    private func frame(_ index: Int, _ number: Int) -> [UInt8] {
        Dialect.socketIO.frame(
            "42[\"send_message\",{\"recipientId\":\"\(members[index ^ 1].user.id)\","
                + "\"messageId\":\"\(index)-\(number)\",\"ciphertext\":\""
                + String(repeating: "A", count: 172)
                + "\",\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"seq\":1,"
                + "\"messageType\":\"text\"}]")
    }

    private static let received = Array("42[\"receive_message\"".utf8)
    private static let sent = Array("42[\"message:sent\"".utf8)
    private static let label = Array("\"messageId\":\"".utf8)

    private func take(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        if text.starts(with: Self.signalled) {
            guard let due = members[index ^ 1].signals.popFirst() else { return }
            // Those who come back, with what they missed, are not the steady load.
            if due >= steadyAt { signalLatencies.append(now() - due) }
            return
        }
        let isMessage = text.starts(with: Self.received)
        guard isMessage || text.starts(with: Self.sent), let number = number(in: text) else {
            return
        }
        let member = members[index]
        guard isMessage else {
            member.unacknowledged[number] = nil
            member.acknowledged.insert(number)
            return
        }
        let peer = members[index ^ 1]
        if member.got.insert(number).inserted {
            if let due = peer.unseen.removeValue(forKey: number), due >= steadyAt {
                latencies.append(now() - due)
            }
        } else {
            repeated += 1
        }
        member.client?.send(
            Dialect.socketIO.frame(
                "42[\"message:delivered\",{\"messageId\":\"\(index ^ 1)-\(number)\","
                    + "\"senderId\":\"\(peer.user.id)\"}]"))
    }

    /// The number after the dash of a text's message id.
    private func number(in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let range = text.firstRange(of: Self.label) else { return nil }
        let id = text[range.upperBound...].prefix { $0 != 0x22 }
        guard let dash = id.firstIndex(of: 0x2d) else { return nil }
        return Int(String(decoding: id[(dash + 1)...], as: UTF8.self))
    }

    // MARK: Connections

    /// - Parameter time: how long to wait for something to come, in seconds.
    private func turn(waiting time: Double = 5e-3) {
        var timeout = timespec(tv_sec: 0, tv_nsec: Int(max(0, min(time, 0.5)) * 1e9))
        let start = now()
        if inCount + opening < members.count {
            for (index, member) in members.enumerated()
            where member.client == nil && member.retryAt <= start && opening < Self.openingLimit {
                open(index)
            }
        }
        let ready = epoll_pwait2(poller, &events, CInt(events.count), &timeout, nil)
        for at in 0..<max(0, Int(ready)) {
            let (index, what) = (Int(events[at].data.u64), events[at].events)
            guard let client = members[index].client else { continue }
            if what & shim_EPOLLOUT != 0 {
                client.flush()
                _ = shim_epoll_ctl(
                    poller, EPOLL_CTL_MOD, client.descriptor, shim_EPOLLIN, UInt64(index))
            }
            if what & ~shim_EPOLLOUT != 0 { _ = client.receive(&buffer) }
            settle(index, client)
        }
    }

    private func open(_ index: Int) {
        let member = members[index]
        guard let client = Client(port: port, member.user, .socketIO, .message) else {
            member.retryAt = now() + Self.retryTime
            return
        }
        client.onText = { [unowned self] in take($0, at: index) }
        _ = shim_epoll_ctl(
            poller, EPOLL_CTL_ADD, client.descriptor, shim_EPOLLIN | shim_EPOLLOUT, UInt64(index))
        member.client = client
        opening += 1
    }

    private func settle(_ index: Int, _ client: Client) {
        let member = members[index]
        switch client.stage {
        case .opening, .greeted: return
        case .joined:
            guard !member.isIn else { return }
            member.isIn = true
            opening -= 1
            inCount += 1
            if inCount == members.count, let since = outSince {
                longestOut = max(longestOut, now() - since)
                outSince = nil
                steadyAt = now() + Self.timeToSteady
            }
            for number in member.unacknowledged.keys.sorted() { client.send(frame(index, number)) }
        case .lost:
            if member.isIn {
                inCount -= 1
                cuts += 1
                steadyAt = .infinity
                outSince = outSince ?? now()
            } else {
                opening -= 1
            }
            member.isIn = false
            (member.signals, members[index ^ 1].signals) = ([], [])
            member.client = nil
            member.retryAt = now() + Self.retryTime
        }
    }

    // MARK: Results

    private func report() {
        let sent = members.reduce(0) { $0 + $1.next }
        tell("in \(inCount), sent \(sent), cut off \(cuts)")
    }

    private var result: String {
        var (sent, acknowledged, missing, unacknowledged) = (0, 0, 0, 0)
        for (index, member) in members.enumerated() {
            sent += member.next
            acknowledged += member.acknowledged.count
            unacknowledged += member.unacknowledged.count
            missing += member.acknowledged.subtracting(members[index ^ 1].got).count
        }
        let (messages, signals) = (latencies.sorted(), signalLatencies.sorted())
        func quantile(_ share: Double, of sorted: [Double]) -> Double {
            sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }
        return "{\"sent\":\(sent),\"acknowledged\":\(acknowledged),\"missing\":\(missing),"
            + "\"unacknowledged\":\(unacknowledged),\"repeated\":\(repeated),\"cuts\":\(cuts),"
            + "\"away\":\(longestOut),\"signals\":\(signals.count),"
            + "\"p50\":\(quantile(0.5, of: signals)),\"p99\":\(quantile(0.99, of: signals)),"
            + "\"messageP50\":\(quantile(0.5, of: messages)),"
            + "\"messageP99\":\(quantile(0.99, of: messages))}"
    }
}

private func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(2, bytes, bytes.count)
}
