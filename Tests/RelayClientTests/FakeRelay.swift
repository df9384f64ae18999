import Clock
import HTTP
import HTTPClient
import JSON
import WebSocket

@testable import RelayClient

/// The relay's end of one connection, answering what a `RelayMachine` sends.
struct FakeRelay {
    private var parser = RequestParser()
    private var endpoint: Endpoint?
    private var scratch: [UInt8] = []
    /// The Engine.IO packets that came.
    private(set) var packets: [String] = []
    private var output: [UInt8] = []

    /// What answers CONNECT.
    var welcome = #"40{"sid":"a"}"#

    mutating func receive(_ bytes: [UInt8]) throws {
        var input = bytes[...]
        if endpoint == nil {
            guard case .request(let request)? = try parser.next(&input) else { return }
            try Handshake.accept(request, to: &output)
            endpoint = Endpoint(serverWithMessageLimit: 1 << 20)
            send(
                #"0{"sid":"e","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":9}"#
            )
        }
        while case .text(let text)? = endpoint?.next(&input, scratch: &scratch, output: &output) {
            let packet = String(decoding: text, as: UTF8.self)
            packets.append(packet)
            if packet.hasPrefix("40") { send(welcome) }
        }
    }

    mutating func send(_ packet: String) {
        endpoint?.send(text: Array(packet.utf8), to: &output)
    }

    /// What goes back to the client.
    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }
}

extension RelayMachine {
    /// Carries bytes to and fro until both are quiet, and gives the events in them.
    mutating func talk(to relay: inout FakeRelay, at now: Instant) throws -> [Event] {
        var events: [Event] = []
        while true {
            let outgoing = takeOutgoing()
            if !outgoing.isEmpty { try relay.receive(outgoing) }
            let incoming = relay.takeOutput()
            guard !outgoing.isEmpty || !incoming.isEmpty else { return events }
            events += receive(incoming[...], at: now)
        }
    }

    mutating func takeSteps() -> [Step] {
        var steps: [Step] = []
        while let step = nextStep() { steps.append(step) }
        return steps
    }
}
