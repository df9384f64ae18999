import Clock
import Glibc
import Platform
import Support
import Synchronization
import Testing

/// Runs turns until `condition` holds, and fails if it does not in many turns.
func turn(_ loop: EventLoop, until condition: () -> Bool) throws {
    for _ in 0..<10_000 {
        if condition() { return }
        try loop.turn(waitingAtMost: .milliseconds(100))
    }
    Issue.record("the loop turned in vain")
}

@Suite struct EventLoopTests {
    @Test func timersFireInTheOrderOfTheirDeadlines() throws {
        let loop = try EventLoop()
        var random = SplitMix64(seed: 1)
        var fired: [Int] = []
        for delay in (0..<100).shuffled(using: &random) {
            loop.after(.microseconds(delay)) { fired.append(delay) }
        }
        try turn(loop) { fired.count == 100 }
        #expect(fired == Array(0..<100))
    }

    @Test func aMovedTimerFiresAtItsLastDeadlineAndACancelledOneNever() throws {
        let loop = try EventLoop()
        var fired: [String] = []
        let cancelled = loop.after(.microseconds(1)) { fired.append("cancelled") }
        let later = loop.after(.microseconds(1)) { fired.append("later") }
        let sooner = loop.after(.seconds(1000)) { fired.append("sooner") }
        loop.after(.microseconds(500)) { fired.append("between") }
        later.schedule(after: .microseconds(1000))
        sooner.schedule(after: .microseconds(2))
        cancelled.cancel()
        try turn(loop) { fired.count == 3 }
        #expect(fired == ["sooner", "between", "later"])
        #expect(later.deadline == nil)
    }

    /// However timers are scheduled, moved and cancelled, those that are left fire in order.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func anyMixOfTimersFiresInOrder(seed: UInt64) throws {
        let loop = try EventLoop()
        var random = SplitMix64(seed: seed)
        let start = loop.now
        var fired: [Instant] = []
        var expected: [Instant] = []
        var timers: [EventLoop.Timer] = []
        for _ in 0..<200 {
            var deadline = Instant.origin
            let timer = EventLoop.Timer(on: loop) { fired.append(deadline) }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                deadline = start + .nanoseconds(Int.random(in: 0..<1_000_000, using: &random))
                timer.schedule(at: deadline)
            }
            if Bool.random(using: &random) { timer.cancel() } else { expected.append(deadline) }
            timers.append(timer)
        }
        try turn(loop) { fired.count == expected.count }
        let inOrder = fired == expected.sorted()
        #expect(inOrder)
    }

    @Test func deferredActionsRunOnceAndHooksEveryTurn() throws {
        let loop = try EventLoop()
        var deferred = 0
        var turns = 0
        loop.atEndOfTurn { deferred += 1 }
        loop.atEndOfEveryTurn { turns += 1 }
        for _ in 0..<3 { try loop.turn(waitingAtMost: .zero) }
        #expect(deferred == 1)
        #expect(turns == 3)
    }

    @Test func mailboxDeliversWhatOtherThreadsSendInOrder() throws {
        let loop = try EventLoop()
        var received: [Int] = []
        let mailbox = try Mailbox<Int>(on: loop) { received += $0 }
        let threads = try (0..<2).map { thread in
            try Thread("test") { for number in 0..<1000 { mailbox.send(thread * 1000 + number) } }
        }
        try turn(loop) { received.count == 2000 }
        for thread in threads { thread.join() }
        #expect(received.filter { $0 < 1000 } == Array(0..<1000))
        #expect(received.filter { $0 >= 1000 } == Array(1000..<2000))
    }

    @Test func aClosedMailboxDropsWhatComes() throws {
        let loop = try EventLoop()
        var received = 0
        let mailbox = try Mailbox<Int>(on: loop) { received += $0.count }
        mailbox.close(on: loop)
        mailbox.send(1)
        try loop.turn(waitingAtMost: .zero)
        #expect(received == 0)
    }

    @Test func signalsComeAsActions() throws {
        let loop = try EventLoop()
        var count = 0
        try loop.onSignal(.user1) { count += 1 }
        pthread_kill(pthread_self(), SIGUSR1)
        try turn(loop) { count == 1 }
    }
}

@Suite struct HeldBackSignalTests {
    private static let count = Atomic<Int>(0)

    private var count: Int { Self.count.load(ordering: .relaxed) }

    @Test func whatComesMeanwhileActsAfterwards() throws {
        try withNoneBlocked {
            for number in ending {
                signal(number) { _ in Self.count.wrappingAdd(1, ordering: .relaxed) }
                defer { signal(number, SIG_DFL) }
                let before = count
                holdingBackSignals {
                    pthread_kill(pthread_self(), number)
                    #expect(count == before)
                }
                #expect(count == before + 1)
            }
        }
    }

    @Test func whatWasBlockedBeforeStaysBlocked() throws {
        try withNoneBlocked {
            holdingBackSignals {
                holdingBackSignals {}
                #expect(blocked() == ending)
            }
            #expect(blocked() == [])
        }
    }

    /// Else such a thread would take the signal, and the process end.
    @Test func otherThreadsTakeNone() throws {
        let found = Mutex<[CInt]>([])
        try withNoneBlocked {
            try Platform.Thread("test") { found.withLock { $0 = blocked() } }.join()
            #expect(blocked() == [])
        }
        #expect(found.withLock { $0 } == ending)
    }

    /// The threads that tests run in have all signals blocked.
    private func withNoneBlocked(_ body: () throws -> Void) throws {
        var mask = sigset_t()
        var earlier = sigset_t()
        sigemptyset(&mask)
        for number in ending { sigaddset(&mask, number) }
        pthread_sigmask(SIG_UNBLOCK, &mask, &earlier)
        defer { pthread_sigmask(SIG_SETMASK, &earlier, nil) }
        try body()
    }
}

/// The signals that end a program.
private let ending = [SIGHUP, SIGINT, SIGTERM]

/// Those of them that are blocked in this thread.
private func blocked() -> [CInt] {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return ending.filter { sigismember(&mask, $0) == 1 }
}

@Suite struct ChildProcessTests {
    @Test func inputGoesThroughAChildThatEnds() throws {
        let loop = try EventLoop()
        let input = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        var output: [UInt8] = []
        var ending: ChildProcess.Ending?
        _ = try ChildProcess(
            on: loop, ["cat"], input: input, onOutput: { output += $0 }, onExit: { ending = $0 })
        try turn(loop) { ending != nil }
        #expect(ending == .exited(status: 0))
        #expect(output == input)
    }

    @Test(arguments: [
        ("exit 7", ChildProcess.Ending.exited(status: 7)),
        ("kill -9 $$", .killed(signal: 9)),
    ])
    func endingsAreTold(script: String, expected: ChildProcess.Ending) throws {
        let loop = try EventLoop()
        var ending: ChildProcess.Ending?
        let unread = [UInt8](repeating: 0, count: 1 << 20)
        _ = try ChildProcess(on: loop, ["sh", "-c", script], input: unread) { ending = $0 }
        try turn(loop) { ending != nil }
        #expect(ending == expected)
    }

    @Test func aMissingProgramIsAnError() throws {
        let loop = try EventLoop()
        #expect(throws: SystemError.self) {
            try ChildProcess(on: loop, ["/no/such/program"]) { _ in }
        }
    }
}
