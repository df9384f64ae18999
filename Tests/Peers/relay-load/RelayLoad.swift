// relay-load PORT TOKEN-FILE CONNECTIONS IN-FLIGHT SECONDS
//
// Pairs of Socket.IO connections send each other 300-byte messages, IN-FLIGHT of them at a time a
// pair, each sent when the one before has arrived. Prints the messages relayed a second.
import CLinux
import Glibc

@main struct RelayLoad {
    static func main() { exit(load(CommandLine.arguments)) }
}

private func load(_ words: [String]) -> CInt {
    guard words.count == 6, let port = UInt16(words[1]), let count = Int(words[3]),
        let inFlight = Int(words[4]), let seconds = Double(words[5]),
        let tokens = lines(of: words[2]), !tokens.isEmpty
    else { return 64 }
    var connections: [Connection] = []
    for index in 0..<count {
        guard let connection = Connection(port: port, token: tokens[index % tokens.count]) else {
            print("relay-load: connection \(index) was refused")
            return 69
        }
        connections.append(connection)
    }
    let payload = String(repeating: "A", count: 172)
    for (index, connection) in connections.enumerated() {
        let peer = connections[index ^ 1].socketID
        connection.frame = Connection.masked(
            "42[\"send_message\",{\"recipientId\":\"\(peer)\",\"ciphertext\":\"\(payload)\","
                + "\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"seq\":1,"
                + "\"messageType\":\"text\"}]")
    }
    guard let rate = exchange(connections, inFlight: inFlight, seconds: seconds) else { return 76 }
    print(Int(rate))
    return 0
}

/// The messages a second that arrived, or nil when a connection was lost.
private func exchange(_ connections: [Connection], inFlight: Int, seconds: Double) -> Double? {
    let poller = shim_epoll_create()
    for (index, connection) in connections.enumerated() {
        _ = shim_epoll_ctl(
            poller, EPOLL_CTL_ADD, connection.descriptor, shim_EPOLLIN, UInt64(index))
    }
    for index in stride(from: 0, to: connections.count, by: 2) {
        for _ in 0..<inFlight { connections[index].unsent += connections[index].frame }
        guard connections[index].flush() else { return nil }
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var events = [epoll_event](repeating: epoll_event(), count: 1024)
    var arrived = 0
    let (warm, end) = (now() + 0.5, now() + 0.5 + seconds)
    var start = 0.0
    while now() < end {
        let ready = epoll_wait(poller, &events, CInt(events.count), 100)
        for at in 0..<max(0, Int(ready)) {
            let connection = connections[Int(events[at].data.u64)]
            guard let count = connection.countEvents(&buffer) else { return nil }
            for _ in 0..<count { connection.unsent += connection.frame }
            guard connection.flush() else { return nil }
            if start > 0 { arrived += count }
        }
        if start == 0, now() > warm { start = now() }
    }
    return Double(arrived) / (now() - start)
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func lines(of path: String) -> [String]? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    let count = max(0, read(file, &buffer, buffer.count))
    return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
}
