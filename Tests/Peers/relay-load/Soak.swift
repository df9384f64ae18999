import CLinux
import Glibc

/// Pairs of users who write to each other all the time, say of each message that they have it, and come
/// back when they are cut off, with what nobody acknowledged. In the end nothing that was acknowledged may
/// be missing.
///
/// A line a minute on standard error says how it goes.
final class Soak {
    /// How long a client waits before it tries again.
    private static let retryTime = 0.2
    /// Clients that may be on their way in at once.
    private static let openingLimit = 256

    private final class Member {
        let user: User
        var client: Client?
        var isIn = false
        var retryAt = 0.0
        /// The number of the next message that it sends.
        var next = 0
        /// When each message was due that nobody has acknowledged.
        var unacknowledged: [Int: Double] = [:]
        /// When each message was due that its peer has not seen.
        var unseen: [Int: Double] = [:]
        var acknowledged: Set<Int> = []
        /// The numbers of its peer's messages that it got.
        var got: Set<Int> = []

        init(_ user: User) { self.user = user }
    }

    private let port: UInt16
    private let rate: Double
    private let members: [Member]
    private let poller = shim_epoll_create()
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var events = [epoll_event](repeating: epoll_event(), count: 1024)
    private var opening = 0
    private var inCount = 0
    private var outSince: Double?
    private var longestOut = 0.0
    private var cuts = 0
    private var repeated = 0
    private var latencies: [Double] = []

    init(_ users: [User], port: UInt16, rate: Double) {
        self.port = port
        self.rate = rate
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
        var (due, sender, minute) = (start, 0, start + 60)
        while now() < start + seconds {
            while due <= now() {
                send(from: sender, due: due)
                due += 1 / rate
                sender = (sender + 1) % members.count
            }
            turn()
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
            if let due = peer.unseen.removeValue(forKey: number), cuts == 0 {
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

    private func turn() {
        let time = now()
        if inCount + opening < members.count {
            for (index, member) in members.enumerated()
            where member.client == nil && member.retryAt <= time && opening < Self.openingLimit {
                open(index)
            }
        }
        let ready = epoll_wait(poller, &events, CInt(events.count), 5)
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
            }
            for number in member.unacknowledged.keys.sorted() { client.send(frame(index, number)) }
        case .lost:
            if member.isIn {
                inCount -= 1
                cuts += 1
                outSince = outSince ?? now()
            } else {
                opening -= 1
            }
            member.isIn = false
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
        latencies.sort()
        func quantile(_ share: Double) -> Double {
            latencies.isEmpty
                ? 0 : latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
        }
        return "{\"sent\":\(sent),\"acknowledged\":\(acknowledged),\"missing\":\(missing),"
            + "\"unacknowledged\":\(unacknowledged),\"repeated\":\(repeated),\"cuts\":\(cuts),"
            + "\"away\":\(longestOut),\"p50\":\(quantile(0.5)),\"p99\":\(quantile(0.99))}"
    }
}

private func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(2, bytes, bytes.count)
}
