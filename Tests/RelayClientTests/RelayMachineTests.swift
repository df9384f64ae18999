import Clock
import Failures
import HTTPClient
import Platform
import Support
import Testing

@testable import RelayClient

@Suite struct RelayMachineTests {
    private static let patience = Duration.seconds(60)
    private var machine: RelayMachine
    private var now = Instant.origin
    private let address: RelayAddress

    init() throws {
        address = try RelayAddress(relay: "http://relay.example:3333")
        machine = RelayMachine(
            relay: address, token: "old", patience: Self.patience, using: SplitMix64(seed: 7))
    }

    private mutating func connect(_ relay: inout FakeRelay) throws -> [RelayMachine.Event] {
        #expect(machine.takeSteps().last == .connect)
        machine.transportOpened(at: now)
        return try machine.talk(to: &relay, at: now)
    }

    @Test mutating func itConnectsWithItsTokenAndTellsEvents() throws {
        var relay = FakeRelay()
        machine.start(at: now)
        #expect(try connect(&relay) == [.online])
        #expect(relay.packets == [#"40{"token":"old","reliable":true}"#])

        relay.send(#"42["receive_message",{"a":1},2]"#)
        #expect(
            try machine.talk(to: &relay, at: now)
                == [.event("receive_message", Array(#"{"a":1},2"#.utf8)[...])])

        machine.emit("message:sent", Array("{}".utf8), number: nil)
        machine.emit("other", Array("1,2".utf8), number: 17)
        _ = try machine.talk(to: &relay, at: now)
        #expect(relay.packets.suffix(2) == [#"42["message:sent",{}]"#, #"420["other",1,2]"#])
        relay.send("430[true]")
        #expect(
            try machine.talk(to: &relay, at: now) == [.acknowledged(17, Array("true".utf8)[...])])
    }

    /// Each pause is within the upper half of twice the one before, up to the longest.
    @Test mutating func failedTriesComeAtGrowingDistances() throws {
        machine.start(at: now)
        #expect(machine.takeSteps() == [.connect])
        var full = Backoff.first
        for _ in 0..<20 {
            machine.transportEnded("refused", at: now)
            let deadline = try #require(machine.deadline)
            #expect(deadline - now >= full / 2 && deadline - now <= full)
            machine.advance(to: deadline)
            now = deadline
            #expect(machine.takeSteps() == [.connect])
            full = min(full * 2, Backoff.longest)
        }
    }

    @Test mutating func itGivesUpOnceSomebodyHasWaitedLongEnough() throws {
        machine.waitingSince = now
        machine.start(at: now)
        var failure: RelayMachine.Step?
        while failure == nil {
            for step in machine.takeSteps() {
                switch step {
                case .connect: machine.transportEnded("refused", at: now)
                case .disconnect: break
                default: failure = step
                }
            }
            guard let deadline = machine.deadline else { break }
            now = deadline
            machine.advance(to: now)
        }
        #expect(
            failure
                == .fail(
                    .gaveUp(
                        relay: address.description, after: Self.patience, reason: "refused")))
        #expect(now - .origin == Self.patience)
    }

    /// A relay that lets us in and drops us, as on what it takes for a breach of the protocol, is not
    /// reachable; the time that its connections stood is not counted.
    @Test mutating func aRelayThatDropsEachConnectionIsGivenUp() throws {
        machine.waitingSince = now
        machine.start(at: now)
        var failure: RelayMachine.Step?
        var (tries, timeOnline) = (0, Duration.zero)
        while failure == nil, tries < 1000 {
            for step in machine.takeSteps() {
                if case .fail = step { failure = step }
                guard case .connect = step else { continue }
                tries += 1
                var relay = FakeRelay()
                machine.transportOpened(at: now)
                #expect(try machine.talk(to: &relay, at: now) == [.online])
                let time = RelayMachine.steadyTime / 2
                timeOnline += time
                now = now + time
                machine.transportEnded("dropped", at: now)
            }
            now = machine.deadline ?? now
            machine.advance(to: now)
        }
        #expect(
            failure
                == .fail(
                    .gaveUp(relay: address.description, after: Self.patience, reason: "dropped")))
        #expect(now - .origin == Self.patience + timeOnline)
    }

    /// What answers is no relay: that is another failure than that nothing answers.
    @Test(arguments: [
        ("<html>\r\n\r\n", true),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", false),
        ("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", false),
    ])
    mutating func whatIsNoRelayIsToldAsSuch(answer: String, isStrange: Bool) throws {
        machine.waitingSince = now
        machine.start(at: now)
        var failure: RelayMachine.Step?
        while failure == nil {
            for step in machine.takeSteps() {
                if case .fail = step { failure = step }
                guard case .connect = step else { continue }
                machine.transportOpened(at: now)
                _ = machine.takeOutgoing()
                _ = machine.receive(Array(answer.utf8)[...], at: now)
            }
            guard let deadline = machine.deadline else { break }
            now = deadline
            machine.advance(to: now)
        }
        guard case .fail(let error) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(error.kind == (isStrange ? .protocolViolation : .unavailable))
    }

    @Test(arguments: [true, false])
    mutating func aConnectionThatStoodOrWasOfUseMakesAFreshStart(stood: Bool) throws {
        machine.waitingSince = now
        machine.start(at: now)
        for _ in 0..<100 {
            var relay = FakeRelay()
            #expect(try connect(&relay) == [.online])
            #expect(machine.outage(at: now, atMost: Self.patience) == nil)
            if stood { now = now + RelayMachine.steadyTime } else { machine.wasOfUse() }
            machine.transportEnded("killed", at: now)
            let pause = try #require(machine.deadline) - now
            #expect(pause <= Backoff.first)
            now = now + .seconds(1)
            #expect(
                machine.outage(at: now, atMost: Self.patience)
                    == .gaveUp(
                        relay: address.description, after: .seconds(1), reason: "killed"))
            machine.advance(to: now)
        }
    }

    @Test mutating func itNeverGivesUpWhileNobodyWaits() throws {
        machine.start(at: now)
        _ = machine.takeSteps()
        for _ in 0..<1000 {
            machine.transportEnded("refused", at: now)
            now = try #require(machine.deadline)
            machine.advance(to: now)
            #expect(machine.takeSteps() == [.connect])
        }
        #expect(now - .origin > .seconds(3600))
        machine.waitingSince = now
        #expect(machine.deadline == now + Self.patience)
    }

    @Test mutating func aSilentRelayIsLeftAfterItsPingTime() throws {
        var relay = FakeRelay()
        machine.start(at: now)
        _ = try connect(&relay)
        now = now + .seconds(30)
        relay.send("2")
        _ = try machine.talk(to: &relay, at: now)
        #expect(relay.packets.last == "3")
        #expect(machine.deadline == now + .seconds(45))
        now = now + .seconds(45)
        machine.advance(to: now)
        #expect(machine.takeSteps() == [.disconnect])
        now = try #require(machine.deadline)
        machine.advance(to: now)
        #expect(machine.takeSteps() == [.connect])
    }

    // MARK: Tokens

    private static let refusal =
        #"44{"message":"Authentication failed","data":{"code":"expired"}}"#

    @Test mutating func aRefusedTokenIsRenewedOnceForEachTimeItWasGood() throws {
        machine.start(at: now)
        for token in ["old", "new"] {
            var refusing = FakeRelay()
            refusing.welcome = Self.refusal
            #expect(try connect(&refusing) == [])
            #expect(machine.takeSteps() == [.disconnect, .renew(spent: token)])
            machine.renewed("new", at: now)
            var accepting = FakeRelay()
            #expect(try connect(&accepting) == [.online])
            #expect(accepting.packets == [#"40{"token":"new","reliable":true}"#])
            machine.transportEnded("killed", at: now)
            now = try #require(machine.deadline)
            machine.advance(to: now)
        }
    }

    @Test mutating func aRefusedNewTokenIsTheEnd() throws {
        machine.start(at: now)
        var relay = FakeRelay()
        relay.welcome = Self.refusal
        _ = try connect(&relay)
        _ = machine.takeSteps()
        machine.renewed("new", at: now)
        var second = FakeRelay()
        second.welcome = Self.refusal
        _ = try connect(&second)
        #expect(
            machine.takeSteps().last == .fail(.loginExpired(relay: address.description)))
        #expect(machine.deadline == nil)
    }

    @Test mutating func aTokenThatCannotBeRenewedNowIsRenewedLater() throws {
        machine.start(at: now)
        _ = machine.takeSteps()
        machine.tokenIsStale()
        #expect(machine.takeSteps() == [.renew(spent: "old")])
        machine.renewalFailed(.unreachable(relay: "r", reason: "refused"), at: now)
        now = try #require(machine.deadline)
        machine.advance(to: now)
        #expect(machine.takeSteps() == [.connect])
        #expect(machine.mayRenew)
        machine.tokenIsStale()
        _ = machine.takeSteps()
        machine.renewalFailed(.loginExpired(relay: "r"), at: now)
        #expect(machine.takeSteps().last == .fail(.loginExpired(relay: "r")))
    }

    /// What a web server in the relay's place answers to a refresh is tried again until the time-out,
    /// and then told as what it is.
    @Test(arguments: [
        (RelayError.strangeAnswer("404 Not Found"), FailureKind.protocolViolation),
        (.unreachable(relay: "r", reason: "503 Service Unavailable"), .unavailable),
        (.notRenewed(.locked("l", waited: .seconds(30))), .unavailable),
    ])
    mutating func aTokenThatIsNotRenewedIsTriedForAsLongAsARelay(
        error: RelayError, kind: FailureKind
    ) throws {
        machine.waitingSince = now
        machine.start(at: now)
        var (failure, tries) = (RelayError?.none, 0)
        while failure == nil, tries < 1000 {
            for step in machine.takeSteps() {
                switch step {
                case .connect: machine.tokenIsStale()
                case .renew:
                    tries += 1
                    machine.renewalFailed(error, at: now)
                    #expect(machine.retryReason != nil)
                case .fail(let reason): failure = reason
                case .disconnect: break
                }
            }
            now = machine.deadline ?? now
            machine.advance(to: now)
        }
        #expect(failure?.kind == kind)
        #expect(now - .origin == Self.patience)
        #expect(tries > 3)
    }

    /// Trying again does not help there.
    @Test(arguments: [
        RelayError.notRenewed(.cannotWrite("f", reason: "No space left on device")),
        .notRenewed(.cannotCreate("f", reason: "Permission denied")),
        .refused(status: 400, reason: "x"), .loginExpired(relay: "r"),
    ])
    mutating func aLoginThatCannotBeRenewedIsTheEnd(error: RelayError) {
        machine.start(at: now)
        _ = machine.takeSteps()
        machine.tokenIsStale()
        _ = machine.takeSteps()
        machine.renewalFailed(error, at: now)
        #expect(machine.takeSteps().last == .fail(error))
        #expect(machine.retryReason == nil)
    }

    @Test mutating func aFullRelayIsTriedAgainWithTheSameToken() throws {
        machine.start(at: now)
        var relay = FakeRelay()
        relay.welcome =
            #"44{"message":"Authentication failed","data":{"code":"tooManyConnections"}}"#
        _ = try connect(&relay)
        #expect(machine.takeSteps() == [.disconnect])
        now = try #require(machine.deadline)
        machine.advance(to: now)
        #expect(machine.takeSteps() == [.connect])
    }

    @Test(arguments: [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "\0\0",
    ])
    mutating func whatIsNoRelayIsTriedAgain(answer: String) throws {
        machine.start(at: now)
        _ = machine.takeSteps()
        machine.transportOpened(at: now)
        _ = machine.takeOutgoing()
        #expect(machine.receive(Array(answer.utf8)[...], at: now) == [])
        machine.advance(to: now + .seconds(30))
        #expect(machine.takeSteps().first == .disconnect)
    }
}
