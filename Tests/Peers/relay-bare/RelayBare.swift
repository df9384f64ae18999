// relay-bare PORT
//
// The least that relays `ice_candidate` between Socket.IO clients of relay-load: one epoll loop,
// frames by hand, and nothing checked. It is the bound that the bench holds signal-relay against,
// and no server: whoever speaks otherwise than relay-load breaks it.
import CLinux
import Glibc

@main struct RelayBare {
    static func main() {
        guard CommandLine.arguments.count == 2, let port = UInt16(CommandLine.arguments[1]) else {
            exit(64)
        }
        signal(SIGPIPE, SIG_IGN)
        Relay(port: port).run()
    }
}

private typealias Bytes = UnsafeBufferPointer<UInt8>

private final class Client {
    let descriptor: CInt
    var isOpen = false
    var isDirty = false
    var user: [UInt8] = []
    var held: [UInt8] = []
    var output: [UInt8] = []

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// Appends one text frame of several parts.
    func send(_ parts: Bytes...) {
        let count = parts.reduce(0) { $0 + $1.count }
        output.append(0x81)
        if count < 126 {
            output.append(UInt8(count))
        } else {
            output += [126, UInt8(count >> 8), UInt8(count & 255)]
        }
        for part in parts { output.append(contentsOf: part) }
    }
}

private final class Relay {
    private let poller = shim_epoll_create()
    private let listener: CInt
    private var clients: [Client?] = []
    private var users: [[UInt8]: Client] = [:]
    private var dirty: [Client] = []
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)

    init(port: UInt16) {
        listener = socket(AF_INET, shim_STREAM, 0)
        var one: CInt = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafeBytes(of: &address) {
            bind(
                listener, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, UInt32($0.count))
        }
        guard status == 0, listen(listener, 4096) == 0 else { exit(69) }
        _ = shim_epoll_ctl(poller, EPOLL_CTL_ADD, listener, shim_EPOLLIN, UInt64(listener))
    }

    func run() {
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: 512)
        while true {
            let ready = epoll_wait(poller, events, 512, -1)
            for at in 0..<max(0, Int(ready)) {
                let descriptor = CInt(events[at].data.u64)
                if descriptor == listener { accept() } else { receive(on: Int(descriptor)) }
            }
            for client in dirty { flush(client) }
            dirty.removeAll(keepingCapacity: true)
        }
    }

    private func accept() {
        while case let descriptor = accept4(listener, nil, nil, shim_ACCEPT), descriptor >= 0 {
            var one: CInt = 1
            setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, 4)
            while clients.count <= Int(descriptor) { clients.append(nil) }
            clients[Int(descriptor)] = Client(descriptor)
            _ = shim_epoll_ctl(
                poller, EPOLL_CTL_ADD, descriptor, shim_EPOLLIN, UInt64(descriptor))
        }
    }

    private func touch(_ client: Client) {
        guard !client.isDirty else { return }
        client.isDirty = true
        dirty.append(client)
    }

    private func flush(_ client: Client) {
        client.isDirty = false
        let count = send(client.descriptor, client.output, client.output.count, shim_MSG_NOSIGNAL)
        if count == client.output.count {
            client.output.removeAll(keepingCapacity: client.output.capacity <= 2048)
        } else {
            client.output.removeFirst(max(0, count))
            touch(client)  // Tried again at the end of the next turn.
        }
    }

    private func receive(on descriptor: Int) {
        guard let client = clients[descriptor], let base = buffer.baseAddress else { return }
        let kept = client.held.count
        for at in 0..<kept { buffer[at] = client.held[at] }
        client.held = []
        let count = recv(client.descriptor, base + kept, buffer.count - kept, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN {
                users[client.user] = nil
                clients[descriptor] = nil
                close(client.descriptor)
            }
            return
        }
        let end = kept + count
        guard client.isOpen else { return shakeHands(client) }
        let used = frames(client, UnsafeMutableBufferPointer(rebasing: buffer[..<end]))
        if used < end { client.held = Array(buffer[used..<end]) }
    }

    /// relay-load's requests come whole and always have the key of RFC 6455's example.
    private func shakeHands(_ client: Client) {
        client.isOpen = true
        client.output += Array(
            """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r

            """.utf8)
        text("0{\"sid\":\"\(client.descriptor)\",\"pingInterval\":25000}").withUnsafeBufferPointer {
            client.send($0)
        }
        touch(client)
    }

    private func text(_ string: String) -> [UInt8] { Array(string.utf8) }

    /// Unmasks each frame where it lies.
    private func frames(_ client: Client, _ bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var at = 0
        while bytes.count - at >= 8 {
            var (count, head) = (Int(bytes[at + 1] & 127), 6)
            if count == 126 {
                (count, head) = (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]), 8)
            }
            guard bytes.count - at >= head + count else { break }
            let key = UnsafeRawPointer(base + at + head - 4).loadUnaligned(as: UInt32.self)
            let payload = base + at + head
            let raw = UnsafeMutableRawPointer(payload)
            let wide = UInt64(key) << 32 | UInt64(key)
            var done = 0
            while done + 8 <= count {
                let word = raw.loadUnaligned(fromByteOffset: done, as: UInt64.self) ^ wide
                raw.storeBytes(of: word, toByteOffset: done, as: UInt64.self)
                done += 8
            }
            while done < count {
                payload[done] ^= UInt8(truncatingIfNeeded: key >> (8 * UInt32(done & 3)))
                done += 1
            }
            received(Bytes(start: payload, count: count), from: client)
            at += head + count
        }
        return at
    }

    private func received(_ text: Bytes, from client: Client) {
        guard text.count > 2, text[0] == 0x34 else { return }
        if text[1] == 0x30 {
            guard let user = value("\"user\":\"", in: text) else { return }
            client.user = Array(user)
            users[client.user] = client
            let answer = self.text("40{\"sid\":\"\(client.descriptor)\"}")
            answer.withUnsafeBufferPointer { client.send($0) }
            return touch(client)
        }
        guard let to = value("\"peer_id\":\"", in: text), let receiver = users[Array(to)],
            let candidate = value("\"candidate\":\"", in: text)
        else { return }
        client.user.withUnsafeBufferPointer { from in
            receiver.send(
                Bytes(of: "42[\"ice_candidate\",{\"peer_id\":\""), from,
                Bytes(of: "\",\"candidate\":\""), candidate, Bytes(of: "\"}]"))
        }
        touch(receiver)
    }

    /// The text after `key` up to the next quote.
    private func value(_ key: StaticString, in text: Bytes) -> Bytes? {
        guard let found = memmem(text.baseAddress, text.count, key.utf8Start, key.utf8CodeUnitCount)
        else { return nil }
        let start = UnsafeRawPointer(found) + key.utf8CodeUnitCount
        let left = UnsafeRawPointer(text.baseAddress! + text.count) - start
        guard let end = memchr(start, 0x22, left) else { return nil }
        return Bytes(
            start: start.assumingMemoryBound(to: UInt8.self), count: UnsafeRawPointer(end) - start)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate init(of text: StaticString) {
        self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
