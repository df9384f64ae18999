import Failures
import Platform
import Sockets
import Testing

/// Gathers what comes on a connection, and echoes it if asked to.
private final class Recorder: TCPConnectionOwner {
    var received: [UInt8] = []
    var closure: TCPConnection.Closure?
    var drainCount = 0
    let echoes: Bool

    init(echoes: Bool = false) { self.echoes = echoes }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        received += bytes
        if echoes { connection.write(bytes) }
    }

    func connectionDrained(_ connection: TCPConnection) { drainCount += 1 }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {
        closure = reason
    }
}

/// A client and a server that are connected over loopback.
private struct Pair {
    let loop: EventLoop
    let client: TCPConnection
    let server: TCPConnection
    let atClient = Recorder()
    let atServer: Recorder

    init(echoes: Bool = false, address: String = "127.0.0.1:0") throws {
        let loop = try EventLoop()
        let atServer = Recorder(echoes: echoes)
        var accepted: TCPConnection?
        var connected: TCPConnection?
        let listening = try #require(SocketAddress(address))
        let listener = try TCPListener(on: loop, address: listening) {
            $0.owner = atServer
            accepted = $0
        }
        let connector = TCPConnector(
            on: loop, host: listener.address.host, port: listener.address.port,
            timeout: .seconds(10)
        ) { connected = try? $0.get() }
        try turn(loop) { accepted != nil && connected != nil }
        listener.close()
        withExtendedLifetime(connector) {}
        self.loop = loop
        self.atServer = atServer
        client = try #require(connected)
        server = try #require(accepted)
        client.owner = atClient
    }
}

@Suite struct TCPTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
    func bytesGoThereAndBack(address: String) throws {
        let pair = try Pair(echoes: true, address: address)
        let sent = (0..<7_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        pair.client.write(sent)
        try turn(pair.loop) { pair.atClient.received.count == sent.count }
        #expect(pair.atClient.received == sent)
        #expect(pair.atClient.drainCount > 0)
    }

    @Test func whatWasQueuedComesBeforeTheEnd() throws {
        let pair = try Pair()
        let sent = [UInt8](repeating: 5, count: 1_000_000)
        pair.server.write(sent)
        pair.server.close()
        pair.server.write([1])
        try turn(pair.loop) { pair.atServer.closure != nil && pair.atClient.closure != nil }
        #expect(pair.atClient.received == sent)
        #expect(pair.atClient.closure == .byPeer)
        #expect(pair.atServer.closure == .byUs)
    }

    @Test func aReaderThatDoesNotReadIsDropped() throws {
        let pair = try Pair()
        pair.client.pauseReading(true)
        pair.server.queueLimit = 100_000
        pair.server.write([UInt8](repeating: 0, count: 20_000_000))
        try turn(pair.loop) { pair.atServer.closure != nil }
        #expect(pair.atServer.closure == .queueOverflow)
    }

    @Test func abortIsToldOnceAndAfterTheCall() throws {
        let pair = try Pair()
        pair.client.abort()
        #expect(pair.atClient.closure == nil)
        try turn(pair.loop) { pair.atClient.closure != nil && pair.atServer.closure != nil }
        #expect(pair.atClient.closure == .byUs)
    }

    @Test func connectingToNobodyIsRefused() throws {
        let loop = try EventLoop()
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let listener = try TCPListener(on: loop, address: address) { _ in }
        listener.close()
        var failure: ConnectFailure?
        let connector = TCPConnector(
            on: loop, host: "localhost", port: listener.address.port, timeout: .seconds(10)
        ) { if case .failure(let error) = $0 { failure = error } }
        try turn(loop) { failure != nil }
        withExtendedLifetime(connector) {}
        #expect(failure?.kind == .unavailable)
        #expect(failure?.code == "unreachable")
    }

    @Test func anUnknownNameIsToldApart() throws {
        let loop = try EventLoop()
        var failure: ConnectFailure?
        let connector = TCPConnector(
            on: loop, host: "no-such-host.invalid", port: 1, timeout: .seconds(30)
        ) { if case .failure(let error) = $0 { failure = error } }
        try turn(loop) { failure != nil }
        withExtendedLifetime(connector) {}
        #expect(failure?.code == "unresolved")
    }

    @Test(arguments: [
        ("127.0.0.1:3333", "127.0.0.1:3333"), ("[::1]:80", "[::1]:80"), (":5000", "[::]:5000"),
        ("*:1", "[::]:1"), ("localhost:9", "127.0.0.1:9"), ("[::ffff:1.2.3.4]:5", "1.2.3.4:5"),
    ])
    func addressesAreReadAndWritten(text: String, written: String) throws {
        #expect(SocketAddress(text)?.description == written)
    }

    @Test(arguments: ["", "127.0.0.1", "1.2.3:4", "127.0.0.1:65536", "host:1", "127.0.0.1:-1"])
    func otherTextsAreNoAddresses(text: String) {
        #expect(SocketAddress(text) == nil)
    }
}
