import HTTP
import Platform
import Sockets
import WebSocket

/// Says back every message, for the cases of the Autobahn test suite.
final class WebSocketEcho: EchoService {
    private final class Peer {
        let connection: EchoConnection
        var parser = RequestParser()
        var endpoint: Endpoint?

        init(_ connection: EchoConnection) { self.connection = connection }
    }

    private var peers: [ObjectIdentifier: Peer] = [:]
    private var scratch: [UInt8] = []

    func opened(_ connection: EchoConnection) {
        peers[ObjectIdentifier(connection)] = Peer(connection)
    }

    func drained(_ connection: EchoConnection) {}
    func closed(_ connection: EchoConnection) { peers[ObjectIdentifier(connection)] = nil }
    func endTurn() {}

    func received(_ bytes: ArraySlice<UInt8>, on connection: EchoConnection) {
        guard let peer = peers[ObjectIdentifier(connection)] else { return }
        var input = bytes
        var output: [UInt8] = []
        if peer.endpoint == nil { shakeHands(peer, &input, &output) }
        var isOver = false
        while let event = peer.endpoint?.next(&input, scratch: &scratch, output: &output) {
            switch event {
            case .text(let text): peer.endpoint?.send(text: text, to: &output)
            case .binary(let bytes): peer.endpoint?.send(binary: bytes, to: &output)
            case .closed, .failed: isOver = true
            }
        }
        connection.transport.queueLimit = 64 * 1024 * 1024
        connection.transport.write(output)
        if isOver { connection.transport.close() }
    }

    private func shakeHands(
        _ peer: Peer, _ input: inout ArraySlice<UInt8>, _ output: inout [UInt8]
    ) {
        do {
            guard case .request(let request) = try peer.parser.next(&input) else { return }
            try Handshake.accept(request, to: &output)
            peer.endpoint = Endpoint(serverWithMessageLimit: 32 * 1024 * 1024)
        } catch {
            peer.connection.transport.close()
        }
    }
}
