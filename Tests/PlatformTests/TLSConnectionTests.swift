import Foundation
import Platform
import Sockets
import Support
import TLS
import Testing

/// Gathers what comes, and says it back if asked to.
private final class Recorder: TCPConnectionOwner {
    var received: [UInt8] = []
    var closure: TCPConnection.Closure?
    let echoes: Bool

    init(echoes: Bool = false) { self.echoes = echoes }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        received += bytes
        if echoes { connection.write(bytes) }
    }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {
        closure = reason
    }
}

/// A folder with a certificate for 127.0.0.1, for as long as a test runs.
private final class Folder {
    let url: URL
    let certificate: URL
    let key: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(component: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        (certificate, key) = try SelfSignedCertificate.make(in: url, names: "IP:127.0.0.1")
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func clientSession() throws -> Session {
        let authorities = [UInt8](try Data(contentsOf: certificate))
        return try Session(
            client: Context(trusting: .authorities(authorities)), host: "127.0.0.1")
    }

    func serverContext() throws -> Context {
        let chain = [UInt8](try Data(contentsOf: certificate))
        return try [UInt8](try Data(contentsOf: key)).withUnsafeBufferPointer {
            try Context(certificateChain: chain, privateKey: $0)
        }
    }
}

@Suite struct TLSConnectionTests {
    private let folder: Folder
    private let loop: EventLoop

    init() throws {
        folder = try Folder()
        loop = try EventLoop()
    }

    private func listen(_ owner: Recorder) throws -> TCPListener {
        let context = try folder.serverContext()
        return try TCPListener(on: loop, address: try #require(SocketAddress("127.0.0.1:0"))) {
            $0.owner = owner
            $0.startTLS(Session(server: context))
        }
    }

    private func connect(to port: UInt16, _ session: Session, _ owner: Recorder) throws
        -> TCPConnection
    {
        var connected: TCPConnection?
        let connector = TCPConnector(
            on: loop, host: "127.0.0.1", port: port, timeout: .seconds(10)
        ) { connected = try? $0.get() }
        try turn(loop) { connected != nil }
        withExtendedLifetime(connector) {}
        let connection = try #require(connected)
        connection.owner = owner
        connection.startTLS(session)
        return connection
    }

    @Test func bytesGoThereAndBackAndTheEndIsOrderly() throws {
        let (server, client) = (Recorder(echoes: true), Recorder())
        let listener = try listen(server)
        let connection = try connect(
            to: listener.address.port, folder.clientSession(), client)
        let sent = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        connection.write(sent)
        try turn(loop) { client.received.count == sent.count }
        connection.close()
        try turn(loop) { client.closure != nil && server.closure != nil }
        #expect(client.received == sent)
        #expect(client.closure == .byUs)
        #expect(server.closure == .byPeer)
        listener.close()
    }

    @Test func nothingIsSentToAnUntrustedServer() throws {
        let (server, client) = (Recorder(), Recorder())
        let listener = try listen(server)
        let session = try Session(client: Context(), host: "127.0.0.1")
        let connection = try connect(to: listener.address.port, session, client)
        connection.write(Array("secret".utf8))
        try turn(loop) { client.closure != nil && server.closure != nil }
        guard case .insecure(.untrusted) = client.closure else {
            Issue.record("\(String(describing: client.closure))")
            return
        }
        #expect(server.received.isEmpty)
        listener.close()
    }

    @Test func aSessionThatCannotBeMadeCostsItsConnectionAlone() throws {
        let (server, client) = (Recorder(echoes: true), Recorder())
        let context = try folder.serverContext()
        var acceptedCount = 0
        let listener = try TCPListener(
            on: loop, address: try #require(SocketAddress("127.0.0.1:0"))
        ) {
            acceptedCount += 1
            $0.owner = acceptedCount == 1 ? server : Recorder(echoes: true)
            $0.startTLS(acceptedCount == 1 ? nil : Session(server: context))
            $0.write(Array("greeting".utf8))
        }
        let port = listener.address.port
        _ = try connect(to: port, folder.clientSession(), client)
        try turn(loop) { client.closure != nil && server.closure != nil }
        #expect(server.closure == .insecure(.outOfMemory))
        #expect(client.received.isEmpty)

        let next = Recorder()
        let connection = try connect(to: port, folder.clientSession(), next)
        connection.write(Array("hello".utf8))
        try turn(loop) { next.received == Array("greetinghello".utf8) }
        connection.close()
        try turn(loop) { next.closure != nil }
        listener.close()
    }

    @Test func opensslIsServed() throws {
        let server = Recorder(echoes: true)
        let listener = try listen(server)
        var output: [UInt8] = []
        var ending: ChildProcess.Ending?
        let child = try ChildProcess(
            on: loop,
            [
                "openssl", "s_client", "-quiet", "-no_ign_eof", "-verify_return_error", "-CAfile",
                folder.certificate.path, "-connect", listener.address.description,
            ],
            input: Array("hello\n".utf8), onOutput: { output += $0 }, onExit: { ending = $0 })
        try turn(loop) { ending != nil }
        #expect(ending == .exited(status: 0))
        #expect(server.received == Array("hello\n".utf8))
        withExtendedLifetime(child) {}
        listener.close()
    }

    @Test func opensslServes() throws {
        var output = ""
        var ending: ChildProcess.Ending?
        let server = try ChildProcess(
            on: loop,
            [
                "openssl", "s_server", "-rev", "-accept", "127.0.0.1:0", "-cert",
                folder.certificate.path, "-key", folder.key.path,
            ],
            onOutput: { output += String(decoding: $0, as: UTF8.self) }, onExit: { ending = $0 })
        try turn(loop) { output.contains("ACCEPT 127.0.0.1:") && output.hasSuffix("\n") }
        let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("ACCEPT") })
        let port = try #require(UInt16(line.split(separator: ":")[1]))
        let client = Recorder()
        let connection = try connect(to: port, folder.clientSession(), client)
        connection.write(Array("hello\n".utf8))
        try turn(loop) { client.received.count == 6 }
        #expect(client.received == Array("olleh\n".utf8))
        connection.close()
        server.kill(.terminate)
        try turn(loop) { client.closure != nil && ending != nil }
        #expect(ending == .killed(signal: 15))
    }
}
