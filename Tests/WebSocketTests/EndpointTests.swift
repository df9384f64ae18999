import Support
import Testing
import Wire

@testable import WebSocket

/// What an endpoint makes of a connection's bytes: its events, with their bytes copied, and what it
/// writes.
struct Transcript: Equatable {
    var events: [Endpoint.Event] = []
    var written: [UInt8] = []

    /// Feeds `bytes` cut after the byte counts of `pieces`.
    init(_ bytes: [UInt8], to endpoint: Endpoint, pieces: [Int] = []) {
        var endpoint = endpoint
        var rest = bytes[...]
        var scratch: [UInt8] = []
        for count in pieces + [Int.max] {
            var piece = rest.prefix(count)
            rest = rest.dropFirst(count)
            while let event = endpoint.next(&piece, scratch: &scratch, output: &written) {
                switch event {
                case .text(let text): events.append(.text(Array(text)[...]))
                case .binary(let bytes): events.append(.binary(Array(bytes)[...]))
                default: events.append(event)
                }
            }
        }
    }
}

@Suite struct EndpointTests {
    static var server: Endpoint { Endpoint(serverWithMessageLimit: 1000) }
    static var client: Endpoint {
        Endpoint(
            clientWithMessageLimit: 1000, keys: MaskingKeys(SplitMix64(seed: 1)))
    }

    /// A frame as a client would send it.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, key: UInt32? = 0x0102_0304
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(
            isFinal: isFinal, opcode: Opcode(rawValue: opcode) ?? .text, count: payload.count,
            maskingKey: key
        ).append(to: &bytes)
        bytes[0] = bytes[0] & 0xF0 | opcode
        let start = bytes.count
        bytes += payload
        if let key { applyMask(key, phase: 0, to: &bytes, from: start) }
        return bytes
    }

    static func text(_ text: String) -> Endpoint.Event { .text(Array(text.utf8)[...]) }

    /// The examples of RFC 6455 section 5.7.
    @Test func examplesOfTheRFC() throws {
        let hello: [Endpoint.Event] = [Self.text("Hello")]
        func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }
        #expect(Transcript(try bytes("810548656c6c6f"), to: Self.client).events == hello)
        #expect(Transcript(try bytes("818537fa213d7f9f4d5158"), to: Self.server).events == hello)
        #expect(Transcript(try bytes("010348656c80026c6f"), to: Self.client).events == hello)
        let pinged = Transcript(try bytes("898537fa213d7f9f4d5158"), to: Self.server)
        #expect(pinged.written == (try bytes("8a0548656c6c6f")))
        let large = try bytes("827e0100") + [UInt8](repeating: 7, count: 256)
        #expect(
            Transcript(large, to: Self.client).events
                == [.binary([UInt8](repeating: 7, count: 256)[...])])
    }

    @Test func sendsWhatTheOtherSideReads() {
        var (sender, output) = (Self.client, [UInt8]())
        sender.send(text: Array("héllo".utf8), to: &output)
        sender.send(binary: [UInt8](repeating: 9, count: 300), to: &output)
        sender.close(.goingAway, reason: "bye", to: &output)
        sender.send(text: Array("late".utf8), to: &output)
        let read = Transcript(output, to: Self.server)
        #expect(
            read.events == [
                Self.text("héllo"), .binary([UInt8](repeating: 9, count: 300)[...]),
                .closed(.goingAway, reason: "bye"),
            ])
        #expect(read.written == [0x88, 2, 0x03, 0xE9])
        #expect(Transcript(read.written, to: sender).events == [.closed(.goingAway, reason: "")])
    }

    static let conversation =
        frame(1, Array("aé".utf8)) + frame(9, [1, 2, 3])
        + frame(1, Array("é".utf8).dropLast().map { $0 }, isFinal: false)
        + frame(9, []) + frame(0, [], isFinal: false)
        + frame(0, Array(Array("é".utf8)[1...]) + Array("b".utf8))
        + frame(2, [UInt8](repeating: 0xFF, count: 200)) + frame(10, [4])
        + frame(8, [0x03, 0xE8] + Array("ok".utf8)) + frame(1, [0x61])

    @Test func cutsDoNotMatter() {
        let whole = Transcript(Self.conversation, to: Self.server)
        #expect(
            whole.events == [
                Self.text("aé"), Self.text("éb"),
                .binary([UInt8](repeating: 0xFF, count: 200)[...]),
                .closed(.normal, reason: "ok"),
            ])
        let singly = [Int](repeating: 1, count: Self.conversation.count)
        #expect(Transcript(Self.conversation, to: Self.server, pieces: singly) == whole)
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let pieces = (0..<30).map { _ in Int.random(in: 0...20, using: &random) }
            #expect(Transcript(Self.conversation, to: Self.server, pieces: pieces) == whole)
        }
    }

    @Test(
        arguments: [
            ([0xC1, 0x80, 1, 2, 3, 4], WebSocketError.reservedBits),
            ([0x83, 0x80, 1, 2, 3, 4], .unknownOpcode(3)),
            ([0x8B, 0x80, 1, 2, 3, 4], .unknownOpcode(11)),
            ([0x81, 0x01, 0x61], .wrongMasking),
            (frame(9, [], isFinal: false), .badControlFrame),
            ([0x89, 0xFE, 0, 126, 1, 2, 3, 4], .badControlFrame),
            ([0x81, 0xFE, 0, 125, 1, 2, 3, 4], .badLength),
            ([0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4], .badLength),
            ([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], .badLength),
            ([0x81, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4], .messageTooBig),
            ([0x81, 0xFE, 0x03, 0xE9, 1, 2, 3, 4], .messageTooBig),
            (frame(0, [1]), .unexpectedContinuation),
            (frame(1, [], isFinal: false) + frame(2, []), .interruptedMessage),
            (
                frame(2, [UInt8](repeating: 1, count: 900), isFinal: false)
                    + frame(0, [UInt8](repeating: 1, count: 101)), .messageTooBig
            ),
            (frame(8, [3]), .badCloseFrame),
            (frame(8, [0x03, 0xED]), .badCloseFrame),
            (frame(8, [0x00, 0x00]), .badCloseFrame),
            (frame(8, [0x13, 0x88]), .badCloseFrame),
            (frame(8, [0x03, 0xE8, 0xFF]), .notUTF8),
            (frame(1, [0xFF]), .notUTF8),
            (frame(1, [0xC3]), .notUTF8),
            (frame(1, [0xED, 0xA0, 0x80]), .notUTF8),
            (frame(1, [0xC3], isFinal: false) + frame(0, []), .notUTF8),
            (frame(1, [0xF4, 0x90], isFinal: false), .notUTF8),
        ] as [([UInt8], WebSocketError)])
    func failsWithTheRightCode(bytes: [UInt8], error: WebSocketError) {
        for pieces in [[], [Int](repeating: 1, count: bytes.count)] {
            let transcript = Transcript(bytes, to: Self.server, pieces: pieces)
            #expect(transcript.events == [.failed(error)])
            let code = error.closeCode.rawValue
            #expect(transcript.written.first == 0x88)
            #expect(
                transcript.written.dropFirst(2).prefix(2)
                    == [UInt8(code >> 8), UInt8(code & 0xFF)])
        }
    }

    /// Bad UTF-8 is found before the rest of the frame has come.
    @Test func failsFast() {
        let bytes = Self.frame(1, [0x61, 0xFF] + [UInt8](repeating: 0x61, count: 500))
        let transcript = Transcript(Array(bytes.prefix(10)), to: Self.server)
        #expect(transcript.events == [.failed(.notUTF8)])
    }

    /// CVE-2026-48779 of another server: fragments without bytes must not pile up.
    @Test func emptyFragmentsCostNothing() {
        var bytes = Self.frame(1, [], isFinal: false)
        for _ in 0..<10_000 { bytes += Self.frame(0, [], isFinal: false) }
        bytes += Self.frame(0, [0x61])
        #expect(Transcript(bytes, to: Self.server).events == [Self.text("a")])
    }

    /// CVE-2026-45736 of another server: the edges of what a close frame can carry.
    @Test(arguments: [0, 1, 122, 123, 124, 1000]) func closeReasons(count: Int) {
        let reason = String(repeating: "r", count: count)
        var (endpoint, output) = (Self.client, [UInt8]())
        endpoint.close(.normal, reason: reason, to: &output)
        let fits = count <= 123
        #expect(output.count == 2 + 4 + 2 + (fits ? count : 0))
        #expect(
            Transcript(output, to: Self.server).events
                == [.closed(.normal, reason: fits ? reason : "")])
    }

    @Test func keptEventsStayAsTheyWere() {
        var (endpoint, scratch, output) = (Self.server, [UInt8](), [UInt8]())
        var input = (Self.frame(1, [0x61]) + Self.frame(1, [0x62]))[...]
        let first = endpoint.next(&input, scratch: &scratch, output: &output)
        let second = endpoint.next(&input, scratch: &scratch, output: &output)
        #expect(first == Self.text("a"))
        #expect(second == Self.text("b"))
    }

    @Test(arguments: 0..<64 as Range<UInt64>)
    func survivesDamage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            var bytes = Self.conversation
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            let whole = Transcript(bytes, to: Self.server)
            let singly = [Int](repeating: 1, count: bytes.count)
            #expect(Transcript(bytes, to: Self.server, pieces: singly) == whole)
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func everyMessageComesThrough(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let count = [0, 1, 7, 8, 125, 126, 127, 1000].randomElement(using: &random) ?? 0
            let payload = random.bytes(count)
            var (sender, output) = (Self.client, [UInt8]())
            sender.send(binary: payload, to: &output)
            #expect(Transcript(output, to: Self.server).events == [.binary(payload[...])])
        }
    }
}
