import CLinux
import Glibc

/// One client, as little of it as a load generator needs: it trusts the server, sends frames that
/// are made beforehand, and counts what comes back.
final class Client {
    enum Stage { case opening, greeted, joined, lost }

    let descriptor: CInt
    private(set) var stage = Stage.opening
    /// The frame that this client sends, again and again.
    var frame: [UInt8] = []
    /// Gets each text that comes once the client is let in; nil where only counting matters.
    var onText: ((UnsafeBufferPointer<UInt8>) -> Void)?
    /// When the messages under way were due, oldest first.
    var due: [Double] = []
    private let dialect: Dialect
    private let user: User
    private let arrival: [UInt8]
    /// The bytes of a frame that has not come whole, or of a NATS message that has not.
    private var held: [UInt8] = []
    private var heldText: [UInt8] = []
    private var unsent: [UInt8] = []

    /// The handshake's key is RFC 6455's own example.
    private static let handshake = """
        Host: 127.0.0.1\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r

        """

    init?(port: UInt16, _ user: User, _ dialect: Dialect, _ message: Message) {
        (self.user, self.dialect) = (user, dialect)
        arrival = message.arrival(dialect)
        descriptor = socket(AF_INET, shim_STREAM, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var one: CInt = 1
        let level = CInt(IPPROTO_TCP)
        setsockopt(descriptor, level, TCP_NODELAY, &one, UInt32(MemoryLayout<CInt>.size))
        // Closed with a reset, so that no port has to wait for the next thousand clients.
        var reset = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, UInt32(MemoryLayout<linger>.size))
        let status = withUnsafeBytes(of: &address) {
            connect(
                descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                UInt32($0.count))
        }
        guard status == 0 || errno == EINPROGRESS else { return nil }
        unsent = Array("GET \(dialect.path) HTTP/1.1\r\n\(Self.handshake)".utf8)
    }

    deinit { close(descriptor) }

    // MARK: Sending

    func send(times count: Int = 1) {
        for _ in 0..<count { unsent += frame }
        flush()
    }

    func send(_ frame: [UInt8]) {
        unsent += frame
        flush()
    }

    func flush() {
        guard !unsent.isEmpty else { return }
        let count = write(descriptor, unsent, unsent.count)
        if count == unsent.count {
            unsent.removeAll(keepingCapacity: true)
        } else if count > 0 {
            unsent.removeFirst(count)
        } else if errno != EAGAIN {
            stage = .lost
        }
    }

    // MARK: Receiving

    /// Reads what is there.
    ///
    /// - Returns: how many of the awaited messages were in it.
    func receive(_ buffer: inout [UInt8]) -> Int {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN { stage = .lost }
            return 0
        }
        if stage != .joined { return receiveGreeting(buffer[..<count]) }
        if held.isEmpty {
            let (messages, used) = buffer.withUnsafeBufferPointer {
                frames(UnsafeBufferPointer(rebasing: $0[..<count]))
            }
            if used < count { held = Array(buffer[used..<count]) }
            return messages
        }
        held += buffer[..<count]
        let (messages, used) = held.withUnsafeBufferPointer { frames($0) }
        held.removeFirst(used)
        return messages
    }

    /// The few bytes before the client is let in; frames are not taken apart there.
    private func receiveGreeting(_ bytes: ArraySlice<UInt8>) -> Int {
        held += bytes
        let awaited = stage == .opening ? dialect.greeting : dialect.welcome
        guard let range = held.firstRange(of: awaited) else {
            if held.count > 4096 { stage = .lost }
            return 0
        }
        if stage == .opening {
            held = []
            stage = .greeted
            unsent += dialect.login(user)
            flush()
            return 0
        }
        stage = .joined
        guard dialect == .socketIO else {
            held = []
            return 0
        }
        // What was kept for the user may come along with the welcome: go on with its frame's head,
        // which has two bytes of length from 126 bytes on.
        let isLong = range.lowerBound >= 4 && held[range.lowerBound - 3] == 126
        held.removeFirst(max(0, range.lowerBound - (isLong ? 4 : 2)))
        let (messages, used) = held.withUnsafeBufferPointer { frames($0) }
        held.removeFirst(used)
        return messages
    }

    private func frames(_ bytes: UnsafeBufferPointer<UInt8>) -> (messages: Int, used: Int) {
        var (messages, at) = (0, 0)
        while at + 2 <= bytes.count {
            var (length, head) = (Int(bytes[at + 1]), 2)
            if length == 126 {
                guard at + 4 <= bytes.count else { break }
                (length, head) = (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]), 4)
            } else if length == 127 {
                guard at + 10 <= bytes.count else { break }
                (length, head) = ((2..<10).reduce(0) { $0 << 8 | Int(bytes[at + $1]) }, 10)
            }
            guard at + head + length <= bytes.count else { break }
            let payload = UnsafeBufferPointer(rebasing: bytes[at + head..<at + head + length])
            messages += dialect == .nats ? natsText(payload) : text(payload)
            at += head + length
        }
        return (messages, at)
    }

    private func text(_ payload: UnsafeBufferPointer<UInt8>) -> Int {
        onText?(payload)
        if payload.starts(with: arrival) { return 1 }
        if payload.count == 1, payload[0] == 0x32 {
            unsent += dialect.answerToPing()
            flush()
        }
        return 0
    }

    /// NATS's frames cut its stream where they like.
    private func natsText(_ payload: UnsafeBufferPointer<UInt8>) -> Int {
        guard heldText.isEmpty else {
            heldText += payload
            let (messages, used) = heldText.withUnsafeBufferPointer { natsMessages($0) }
            heldText.removeFirst(used)
            return messages
        }
        let (messages, used) = natsMessages(payload)
        if used < payload.count { heldText = Array(payload[used...]) }
        return messages
    }

    private func natsMessages(_ text: UnsafeBufferPointer<UInt8>) -> (messages: Int, used: Int) {
        var (messages, at) = (0, 0)
        while let end = text[at...].firstIndex(of: 0x0a) {
            switch text[at] {
            case 0x4d:  // MSG: its 300 bytes and a line end follow.
                guard end + 1 + 302 <= text.count else { return (messages, at) }
                messages += 1
                at = end + 1 + 302
                continue
            case 0x50:  // PING
                unsent += dialect.answerToPing()
                flush()
            default: break
            }
            at = end + 1
        }
        return (messages, at)
    }
}
