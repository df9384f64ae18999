import EngineIO
import Support
import Testing

@Suite struct TimerWheelTests {
    @Test func firesWithItsTick() {
        var wheel = TimerWheel(longest: .seconds(40))
        #expect(wheel.next == nil)
        wheel.start(slot: 1, number: 7, due: 95, at: 50)
        wheel.start(slot: 2, number: 8, due: 110, at: 50)
        #expect(wheel.next == 100)
        #expect(wheel.fire(at: 99) == nil)
        let first = wheel.fire(at: 109)
        #expect(first?.slot == 1 && first?.number == 7 && first?.due == 95)
        #expect(wheel.fire(at: 109) == nil)
        #expect(wheel.next == 110)
        #expect(wheel.fire(at: 1_000_000)?.slot == 2)
        #expect(wheel.fire(at: 1_000_000) == nil)
        #expect(wheel.next == nil)
    }

    @Test func whatIsDueAlreadyFiresAtOnce() {
        var wheel = TimerWheel(longest: .seconds(1))
        wheel.start(slot: 1, number: 1, due: 500, at: 900)
        #expect(wheel.fire(at: 900)?.slot == 1)
        wheel.start(slot: 2, number: 1, due: 900, at: 900)
        #expect(wheel.fire(at: 900)?.slot == 2)
    }

    /// Timers that run for less and for more than a turn of the wheel, driven by `next` alone or in
    /// leaps, against a plain list.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func firesAsAListWould(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let tick = Int64.random(in: 1...30, using: &random)
        var wheel = TimerWheel(longest: .milliseconds(tick * 4000))
        var due: [UInt32: Int64] = [:]
        var now = Int64.random(in: 0...1_000_000, using: &random)
        for number in UInt32(1)...4000 {
            let delay = Int64.random(in: 0...tick * 12_000, using: &random)
            due[number] = now + delay
            wheel.start(slot: Int(number) % 10, number: number, due: now + delay, at: now)
            guard Int.random(in: 0..<8, using: &random) == 0, let next = wheel.next else {
                continue
            }
            let leap = Int64.random(in: 0...tick * 40, using: &random)
            now = Bool.random(using: &random) ? max(now, next) : now + leap
            fire(&wheel, at: now, &due, tick)
        }
        while let next = wheel.next {
            now = max(now, next)
            fire(&wheel, at: now, &due, tick)
        }
        #expect(due.isEmpty)
    }

    private func fire(
        _ wheel: inout TimerWheel, at now: Int64, _ due: inout [UInt32: Int64], _ tick: Int64
    ) {
        while let timer = wheel.fire(at: now) {
            #expect(timer.due <= now && timer.slot == Int(timer.number) % 10)
            #expect(due.removeValue(forKey: timer.number) == timer.due)
        }
        #expect(due.values.allSatisfy { $0 > now - tick })
    }
}
