import Clock
import Crypto
import Support
import Testing

@testable import Relay

/// A client that comes back beside others of its user, which take and leave what is kept for all.
@Suite struct RecoveryWorldTests {
    /// A client of bob's that goes and comes back.
    fileprivate final class Client {
        private let relay: TestRelay
        private let isReliable: Bool
        private var socket: SocketNumber
        private var pid: String?
        private var offset: String?
        /// What it got, over all its connections.
        private(set) var got: [Int] = []
        /// What it was told of being recovered, each time.
        private(set) var answers: [Bool] = []
        var isOnline: Bool { relay.server.peer(at: socket) != nil }
        var isFull: Bool { relay.full[socket] != nil }

        init(_ relay: TestRelay, isReliable: Bool, before socket: SocketNumber) {
            self.relay = relay
            self.isReliable = isReliable
            self.socket = socket
        }

        func come() {
            socket += 1
            var auth =
                #""token":"\#(relay.token("bob"))","recovery":true,"reliable":\#(isReliable)"#
            if let pid, let offset { auth += #","pid":"\#(pid)","offset":"\#(offset)""# }
            relay.connect(socket, auth: "{\(auth)}")
            pid = relay.recoveries[socket]?.pid
            if offset == nil { offset = relay.recoveries[socket]?.offset }
            answers.append(relay.recoveries[socket]?.isRecovered ?? false)
        }

        /// Reads what was sent, but for the last events.
        func read(butLast count: Int = 0) {
            for event in relay.take(socket).dropLast(count) {
                let text = event.dropLast(2).suffix(12)
                if RecoveryOffset.number(text) != nil { offset = String(text) }
                if event.contains(#""recovered":false,"reason""#) { answers.append(false) }
                guard let sequence = World.sequence(event) else { continue }
                got.append(sequence)
                if isReliable, let id = World.messageID(event) { relay.acknowledge(id, on: socket) }
            }
        }

        /// The connection breaks, with the last events still unread.
        ///
        /// - Parameter isUnsent: whether these had not left either.
        func leave(unread count: Int, isUnsent: Bool) {
            let lost = (relay.sent[socket] ?? []).suffix(count)
            let messages = relay.messages[socket, default: []].filter { message in
                lost.contains {
                    $0.contains(String(decoding: message.event.arguments, as: UTF8.self))
                }
            }
            read(butLast: count)
            _ = relay.take(socket)
            relay.giveBack(isUnsent ? messages.count : 0, on: socket)
            relay.full[socket] = nil
        }

        func fill() { relay.full[socket] = false }
        func makeRoom() { relay.makeRoom(on: socket) }
        func congest() {
            relay.server.congested(socket)
            relay.run()
        }
    }

    /// Alice sends, bob reads on several connections: some go and come back, others are there all
    /// the time or acknowledge.
    fileprivate final class World {
        static let steady = 3
        static let reliable = 4
        static let visitor = 5
        let relay: TestRelay
        let client: Client
        let other: Client
        private(set) var sent = 0
        private(set) var steadyGot: [Int] = []
        /// What was sent before the other client came first.
        private(set) var sentBeforeOther: Int?
        private var unacknowledged: [String] = []
        var got: [Int] { client.got }
        var answers: [Bool] { client.answers }

        init(limits: Relay.Limits = Relay.Limits(), isReliable: Bool = false) throws {
            relay = try TestRelay(limits: limits)
            client = Client(relay, isReliable: isReliable, before: 10)
            other = Client(relay, isReliable: false, before: 1000)
            relay.connect(1, "alice")
            relay.connect(Self.steady, "bob")
        }

        func send(hasID: Bool) {
            sent += 1
            let id = hasID ? #","messageId":"m\#(sent)""# : ""
            relay.send(
                1,
                #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":\#(sent)\#(id)}]"#
            )
            steadyGot += relay.take(Self.steady).compactMap(Self.sequence)
        }

        func otherComes() {
            if sentBeforeOther == nil { sentBeforeOther = sent }
            other.come()
        }

        func takeReliable() -> [Int] {
            let events = relay.take(Self.reliable)
            unacknowledged += events.compactMap(Self.messageID)
            return events.compactMap(Self.sequence)
        }

        /// The client that acknowledges does so for the first that it has not.
        func acknowledge() {
            guard relay.server.peer(at: Self.reliable) != nil, !unacknowledged.isEmpty else {
                return
            }
            relay.acknowledge(unacknowledged.removeFirst(), on: Self.reliable)
        }

        static func messageID(_ event: String) -> String? {
            guard let range = event.firstRange(of: #""messageId":""#) else { return nil }
            return String(event[range.upperBound...].prefix { $0 != "\"" })
        }

        static func sequence(_ event: String) -> Int? {
            guard event.hasPrefix(#"["receive_message""#),
                let range = event.firstRange(of: #""seq":"#)
            else { return nil }
            return Int(event[range.upperBound...].prefix { $0.isNumber })
        }
    }

    /// A device that acknowledges leaves messages in the store, and is gone: who had them does not
    /// get them again, and who had them not gets them before what came later.
    @Test func whatWaitsForAnotherThatAcknowledges() throws {
        let world = try World()
        world.relay.connect(World.reliable, "bob", reliable: true)
        world.client.come()
        for _ in 1...5 { world.send(hasID: false) }
        world.client.leave(unread: 0, isUnsent: false)
        for _ in 6...8 { world.send(hasID: false) }
        world.relay.disconnect(World.reliable)
        for _ in 9...10 { world.send(hasID: false) }
        #expect(world.relay.store.kept.count == 8 && world.takeReliable() == Array(1...8))
        world.client.come()
        world.client.read()
        #expect(world.got == Array(1...10))
        world.relay.connect(World.reliable, "bob", reliable: true)
        #expect(world.takeReliable() == Array(1...5))
        #expect(world.answers == [false, true])
    }

    /// What another takes while this one still reads the store, it gets all the same.
    @Test(arguments: [false, true]) func whatAnotherTakesMeanwhile(breaksAgain: Bool) throws {
        let world = try World()
        world.client.come()
        world.send(hasID: true)
        world.client.leave(unread: 0, isUnsent: false)
        world.relay.blocked = [World.steady]
        world.send(hasID: true)
        world.relay.blocked = []
        world.relay.heldReads = []
        world.client.come()
        #expect(world.relay.heldReads?.count == 1)
        for _ in 3...5 { world.send(hasID: true) }
        world.relay.server.written(world.relay.store.kept.map(\.message.row), on: World.steady)
        world.relay.run()
        #expect(world.relay.store.kept.isEmpty)
        if breaksAgain {
            world.client.leave(unread: 0, isUnsent: false)
            world.send(hasID: false)
            world.client.come()
        }
        world.relay.releaseReads()
        world.client.read()
        #expect(world.got == Array(1...(breaksAgain ? 6 : 5)))
        #expect(world.steadyGot == world.got)
        #expect(world.answers == [false, true] + (breaksAgain ? [true] : []))
    }

    /// Where there is no room for what others took, the client is told that it misses something.
    @Test(arguments: [false, true]) func whatThereWasNoRoomFor(breaksAgain: Bool) throws {
        var limits = Relay.Limits()
        limits.recoveryBytes = 600
        let world = try World(limits: limits)
        world.client.come()
        world.send(hasID: true)
        world.relay.blocked = [World.steady]
        world.send(hasID: true)
        world.client.congest()
        world.relay.heldReads = []
        world.client.congest()
        for _ in 3...9 { world.send(hasID: true) }
        world.relay.server.written(world.relay.store.kept.map(\.message.row), on: World.steady)
        world.relay.run()
        if breaksAgain {
            world.client.leave(unread: 0, isUnsent: false)
            world.client.come()
        }
        world.relay.releaseReads()
        world.client.read()
        #expect(world.got.count < 9)
        #expect(world.answers.count > 1 && !world.answers.contains(true))
        #expect(world.steadyGot == Array(1...9))
    }

    @Test(arguments: 0..<600 as Range<UInt64>) func worlds(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let world = try World()
        let hasFull = seed % 2 == 0
        if seed % 3 == 0 { world.relay.disconnect(World.steady) }
        world.client.come()
        for _ in 0..<80 { world.step(&random, mayFill: hasFull) }
        world.settle()
        #expect(world.answers.dropFirst().allSatisfy { $0 })
        // What a full connection had no room for twice is kept behind what came later.
        #expect((hasFull ? world.got.sorted() : world.got) == Array(1..<(world.sent + 1)))
        if seed % 3 > 0 { #expect(world.steadyGot == Array(1..<(world.sent + 1))) }
        let others = world.other.got
        #expect(
            Set(others).isSuperset(of: ((world.sentBeforeOther ?? 0)..<world.sent).map { $0 + 1 }))
        #expect(Set(others).count == others.count)
    }

    /// A client that acknowledges may get something twice, and misses nothing.
    @Test(arguments: 0..<600 as Range<UInt64>) func worldsOfOneThatAcknowledges(seed: UInt64) throws
    {
        var random = SplitMix64(seed: seed)
        let world = try World(isReliable: true)
        world.client.come()
        for _ in 0..<80 { world.step(&random, mayFill: seed % 2 == 0) }
        world.settle()
        #expect(world.answers.dropFirst().allSatisfy { $0 })
        #expect(Set(world.got) == Set(1..<(world.sent + 1)))
        #expect(world.steadyGot == Array(1..<(world.sent + 1)))
    }

    /// Where little is remembered, who misses something is told.
    @Test(arguments: 0..<600 as Range<UInt64>) func forgetfulWorlds(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var limits = Relay.Limits()
        limits.recoveryEvents = Int.random(in: 1..<6, using: &random)
        limits.messagesPerRead = Int.random(in: 1..<6, using: &random)
        let world = try World(limits: limits)
        world.client.come()
        for _ in 0..<60 { world.step(&random, mayFill: true) }
        world.settle()
        guard world.answers.dropFirst().allSatisfy({ $0 }) else { return }
        #expect(world.got.sorted() == Array(1..<(world.sent + 1)))
    }
}

extension RecoveryWorldTests.World {
    fileprivate func step(_ random: inout SplitMix64, mayFill: Bool) {
        switch Int.random(in: 0..<17, using: &random) {
        case 0..<5: send(hasID: Bool.random(using: &random))
        case 5: breaks(client, &random)
        case 6, 7:
            if !client.isOnline { client.come() }
        case 8:
            if client.isOnline { client.congest() }
        case 9:
            if relay.heldReads == nil { relay.heldReads = [] }
        case 10: relay.releaseReads()
        case 11: toggle(Self.reliable, isReliable: true, &random)
        case 12: toggle(Self.visitor, isReliable: false, &random)
        case 13 where mayFill: client.isFull ? client.makeRoom() : client.fill()
        case 14, 15: other.isOnline ? breaks(other, &random) : otherComes()
        case 16: other.read()
        default: client.read()
        }
        _ = takeReliable()
        if Bool.random(using: &random) { acknowledge() }
    }

    private func breaks(_ client: RecoveryWorldTests.Client, _ random: inout SplitMix64) {
        let unread = Int.random(in: 0..<4, using: &random)
        if client.isOnline { client.leave(unread: unread, isUnsent: Bool.random(using: &random)) }
    }

    /// Somebody comes, or goes with all that was sent, or breaks with what had not left.
    private func toggle(
        _ socket: SocketNumber, isReliable: Bool, _ random: inout SplitMix64
    ) {
        if relay.server.peer(at: socket) == nil {
            relay.connect(socket, "bob", reliable: isReliable)
            relay.messages[socket] = nil
        } else {
            relay.giveBack(Int.random(in: 0..<3, using: &random), on: socket)
        }
    }

    /// All comes to rest.
    fileprivate func settle() {
        client.makeRoom()
        if !client.isOnline { client.come() }
        if !other.isOnline { otherComes() }
        relay.releaseReads()
        client.read()
        other.read()
    }
}
