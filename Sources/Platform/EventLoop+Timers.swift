public import Clock

extension EventLoop {
    /// An action that the loop runs once its time has come; it can be scheduled again and again.
    ///
    /// Moving the deadline later, as an idle time-out does with every byte, costs a store.
    public final class Timer {
        /// When it fires next; nil while it is not scheduled.
        public fileprivate(set) var deadline: Instant?
        let action: () -> Void
        private unowned let loop: EventLoop
        /// The deadline by which the heap knows it, which is never later than `deadline`.
        fileprivate var queuedDeadline = Instant.origin
        fileprivate var index: Int?

        /// The loop keeps the timer alive while it is scheduled.
        public init(on loop: EventLoop, _ action: @escaping () -> Void) {
            self.loop = loop
            self.action = action
        }

        public func schedule(at deadline: Instant) {
            self.deadline = deadline
            loop.timers.update(self)
        }

        /// Counts from the beginning of the turn.
        public func schedule(after delay: Duration) { schedule(at: loop.now + delay) }

        public func cancel() {
            deadline = nil
            loop.timers.remove(self)
        }
    }

    /// Runs `action` once after `delay`, unless the timer is cancelled before.
    @discardableResult
    public func after(_ delay: Duration, _ action: @escaping () -> Void) -> Timer {
        let timer = Timer(on: self, action)
        timer.schedule(after: delay)
        return timer
    }
}

/// Timers by deadline: a binary heap whose timers know their places, so that any can be taken out.
struct TimerHeap {
    private var timers: [EventLoop.Timer] = []

    /// No timer fires before this moment.
    var first: Instant? { timers.first?.queuedDeadline }

    mutating func update(_ timer: EventLoop.Timer) {
        guard let deadline = timer.deadline else { return remove(timer) }
        guard let index = timer.index else {
            timer.queuedDeadline = deadline
            timer.index = timers.count
            timers.append(timer)
            siftUp(timers.count - 1)
            return
        }
        // A later deadline is looked at when the earlier one comes up.
        guard deadline < timer.queuedDeadline else { return }
        timer.queuedDeadline = deadline
        siftUp(index)
    }

    mutating func remove(_ timer: EventLoop.Timer) {
        guard let index = timer.index else { return }
        timer.index = nil
        let last = timers.removeLast()
        guard last !== timer else { return }
        place(last, at: index)
        siftUp(index)
        if let moved = last.index { siftDown(moved) }
    }

    /// Takes out the next timer that is due.
    mutating func popDue(at now: Instant) -> EventLoop.Timer? {
        while let timer = timers.first, timer.queuedDeadline <= now {
            if let deadline = timer.deadline, deadline > timer.queuedDeadline {
                timer.queuedDeadline = deadline
                siftDown(0)
                continue
            }
            timer.deadline = nil
            remove(timer)
            return timer
        }
        return nil
    }

    private mutating func place(_ timer: EventLoop.Timer, at index: Int) {
        timers[index] = timer
        timer.index = index
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        let timer = timers[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard timer.queuedDeadline < timers[parent].queuedDeadline else { break }
            place(timers[parent], at: index)
            index = parent
        }
        place(timer, at: index)
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        let timer = timers[index]
        while true {
            var child = index * 2 + 1
            guard child < timers.count else { break }
            if child + 1 < timers.count,
                timers[child + 1].queuedDeadline < timers[child].queuedDeadline
            {
                child += 1
            }
            guard timers[child].queuedDeadline < timer.queuedDeadline else { break }
            place(timers[child], at: index)
            index = child
        }
        place(timer, at: index)
    }
}
