import Glibc

/// One Socket.IO client over WebSocket, as little of it as a load generator needs: it trusts the
/// server, sends frames that are ready beforehand, and counts what comes back.
final class Connection {
    let descriptor: CInt
    private(set) var socketID = ""
    /// The frame that this connection sends, again and again.
    var frame: [UInt8] = []
    var unsent: ArraySlice<UInt8> = []
    private var received: [UInt8] = []

    /// Connects, upgrades and joins the main namespace; blocks until the server has answered.
    init?(port: UInt16, token: String) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafeBytes(of: &address) {
            connect(
                descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                UInt32($0.count))
        }
        guard status == 0 else { return nil }
        var one: CInt = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, UInt32(MemoryLayout<CInt>.size))
        write(
            Array(
                """
                GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
                Host: 127.0.0.1\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r

                """.utf8))
        guard waitFor("0{") != nil else { return nil }
        write(Self.masked("40{\"token\":\"\(token)\"}"))
        guard let answer = waitFor("40{"), let start = answer.firstRange(of: "\"sid\":\"") else {
            return nil
        }
        socketID = String(answer[start.upperBound...].prefix { $0 != "\"" })
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// A text frame from a client, with a mask of zeros (RFC 6455 section 5.3).
    static func masked(_ text: String) -> [UInt8] {
        let payload = Array(text.utf8)
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)]
            : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        return [0x81] + length + [0, 0, 0, 0] + payload
    }

    func write(_ bytes: [UInt8]) { _ = Glibc.write(descriptor, bytes, bytes.count) }

    private func waitFor(_ prefix: String) -> String? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<50 {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            if let at = text.firstRange(of: prefix) { return String(text[at.lowerBound...]) }
        }
        return nil
    }

    /// Reads what is there; the number of whole frames that hold an event.
    func countEvents(_ buffer: inout [UInt8]) -> Int? {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EAGAIN ? 0 : nil }
        if received.isEmpty {
            let (events, used) = Self.scan(buffer, count, self)
            if used < count { received = Array(buffer[used..<count]) }
            return events
        }
        received += buffer[..<count]
        let (events, used) = Self.scan(received, received.count, self)
        received.removeFirst(used)
        return events
    }

    private static func scan(
        _ bytes: [UInt8], _ count: Int, _ connection: Connection
    ) -> (events: Int, used: Int) {
        var (events, at) = (0, 0)
        while at + 2 <= count {
            var (length, head) = (Int(bytes[at + 1]), 2)
            if length == 126 {
                guard at + 4 <= count else { break }
                (length, head) = (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]), 4)
            }
            guard at + head + length <= count else { break }
            if length >= 16, bytes[at + head] == 0x34, bytes[at + head + 4] == 0x72 {
                events += 1  // 42["r…: receive_message
            } else if length == 1, bytes[at + head] == 0x32 {
                connection.write(masked("3"))
            }
            at += head + length
        }
        return (events, at)
    }

    /// Writes what is queued; false when the connection is gone.
    func flush() -> Bool {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { return errno == EAGAIN }
            unsent = unsent.dropFirst(count)
        }
        return true
    }
}
