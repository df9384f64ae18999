import Support
import TLS
import Testing

/// A client and a server, and the records between them.
private struct Pair {
    let client: Session
    let server: Session
    /// How many bytes are handed over at once.
    var step = Int.max

    init(_ certificate: SelfSignedCertificate, host: String, trust: Context.Trust? = nil) throws {
        let context = try Context(trusting: trust ?? .authorities(certificate.certificate))
        client = try Session(client: context, host: host)
        server = try #require(Session(server: try certificate.serverContext()))
    }

    /// Carries records to and fro until neither side has any.
    func exchange() throws {
        var isQuiet = false
        while !isQuiet {
            let forth = try carry(from: client, to: server)
            let back = try carry(from: server, to: client)
            isQuiet = !forth && !back
        }
    }

    func carry(from sender: Session, to receiver: Session) throws -> Bool {
        var records: [UInt8] = []
        sender.takeOutput(appendingTo: &records)
        var rest = records[...]
        while !rest.isEmpty {
            try rest.prefix(step).withUnsafeBufferPointer { try receiver.receive($0) }
            rest = rest.dropFirst(step)
        }
        return !records.isEmpty
    }
}

extension SelfSignedCertificate {
    fileprivate func serverContext() throws -> Context {
        try key.withUnsafeBufferPointer {
            try Context(certificateChain: certificate, privateKey: $0)
        }
    }
}

extension Session {
    fileprivate func send(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBufferPointer { try write($0) }
    }

    fileprivate func readAll() throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1000)
        while true {
            let count = try buffer.withUnsafeMutableBufferPointer { try read(into: $0) }
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }
}

@Suite struct SessionTests {
    private static let relay = Result {
        try SelfSignedCertificate(names: "DNS:relay.example,IP:127.0.0.1")
    }

    @Test(arguments: ["relay.example", "RELAY.example", "127.0.0.1"], [Int.max, 1])
    func bytesGoBothWays(host: String, step: Int) throws {
        var pair = try Pair(Self.relay.get(), host: host)
        pair.step = step
        try pair.exchange()
        #expect(pair.client.isEstablished && pair.server.isEstablished)
        let sent = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try pair.client.send(sent)
        try pair.server.send([1, 2, 3])
        try pair.exchange()
        #expect(try pair.server.readAll() == sent)
        #expect(try pair.client.readAll() == [1, 2, 3])
    }

    @Test func aCloseIsToldFromASilence() throws {
        let pair = try Pair(Self.relay.get(), host: "relay.example")
        try pair.exchange()
        #expect(try pair.client.readAll() == [])
        #expect(!pair.client.isEnded)
        try pair.server.send([7])
        pair.server.close()
        try pair.exchange()
        #expect(try pair.client.readAll() == [7])
        #expect(pair.client.isEnded)
    }

    @Test(arguments: ["other.example", "example", "relay.example.org", "127.0.0.2", "::1"])
    func anotherNameIsRefused(host: String) throws {
        let pair = try Pair(Self.relay.get(), host: host)
        let error = #expect(throws: TLSError.self) { try pair.exchange() }
        guard case .untrusted(host, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasSuffix("mismatch"))
        #expect(!pair.client.isEstablished)
    }

    @Test func aSelfSignedCertificateIsRefusedBySystemTrust() throws {
        let pair = try Pair(Self.relay.get(), host: "relay.example", trust: .system)
        let error = #expect(throws: TLSError.self) { try pair.exchange() }
        #expect(
            error == .untrusted(host: "relay.example", reason: "self-signed certificate"))
        // The server is told, and does not take the client for connected.
        #expect(throws: TLSError.self) { try pair.exchange() }
        #expect(!pair.server.isEstablished)
    }

    @Test func anExpiredCertificateIsRefused() throws {
        let pair = try Pair(
            SelfSignedCertificate(names: "DNS:relay.example", expired: true), host: "relay.example")
        let error = #expect(throws: TLSError.self) { try pair.exchange() }
        #expect(
            error == .untrusted(host: "relay.example", reason: "certificate has expired"))
    }

    /// Any changed byte of a record ends the session; none of what it held comes through.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func aDamagedRecordIsRefused(seed: UInt64) throws {
        let pair = try Pair(Self.relay.get(), host: "relay.example")
        try pair.exchange()
        var random = SplitMix64(seed: seed)
        try pair.client.send([UInt8](repeating: 9, count: 100))
        var record: [UInt8] = []
        pair.client.takeOutput(appendingTo: &record)
        record[Int.random(in: record.indices, using: &random)] ^= 1 << UInt8(seed % 8)
        var received: [UInt8] = []
        do {
            try record.withUnsafeBufferPointer { try pair.server.receive($0) }
            received = try pair.server.readAll()
        } catch is TLSError {}
        #expect(received.isEmpty)
    }

    @Test func whatIsNotTLSIsRefused() throws {
        let server = try #require(Session(server: try Self.relay.get().serverContext()))
        let request = Array("GET / HTTP/1.1\r\nHost: relay.example\r\n\r\n".utf8)
        #expect(throws: TLSError.handshakeFailed(reason: "http request")) {
            try request.withUnsafeBufferPointer { try server.receive($0) }
        }
    }

    @Test func aKeyMustBelongToItsCertificate() throws {
        let (one, other) = (
            try Self.relay.get(), try SelfSignedCertificate(names: "DNS:other.example")
        )
        #expect(throws: TLSError.keyMismatch) {
            try other.key.withUnsafeBufferPointer {
                _ = try Context(certificateChain: one.certificate, privateKey: $0)
            }
        }
        #expect(throws: TLSError.self) { try Context(trusting: .authorities([1, 2, 3])) }
    }
}
