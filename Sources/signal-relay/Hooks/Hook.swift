internal import Clock
internal import Crypto
internal import Platform
internal import Relay
internal import Wire

/// A way to tell the outside of a notice.
protocol HookRunner: AnyObject {
    /// What it is, for the metrics.
    var kind: String { get }
    /// Tells it; `completion` is called once, in a later turn of the loop.
    func tell(_ delivery: HookQueue.Delivery, completion: @escaping (HookQueue.Outcome) -> Void)
    /// Ends what is under way, without a completion.
    func cancel()
}

/// Tells one hook the notices of a relay, and again where it fails.
///
/// What waits is lost with the process; the messages themselves are in the store.
final class Hook {
    private static let idByteCount = 12

    private let loop: EventLoop
    private let runner: any HookRunner
    private var queue = HookQueue()
    private var timer: EventLoop.Timer?

    init(on loop: EventLoop, _ runner: any HookRunner) {
        self.loop = loop
        self.runner = runner
        timer = EventLoop.Timer(on: loop) { [unowned self] in tellNext() }
    }

    var kind: String { runner.kind }
    var counters: HookQueue.Counters { queue.counters }
    var waitingCount: Int { queue.waitingCount }
    var runningCount: Int { queue.runningCount }

    func add(_ notice: Notice) {
        queue.add(notice, id: "notice_" + Hex.encode(randomBytes(Self.idByteCount)))
        tellNext()
    }

    func cancel() {
        timer?.cancel()
        runner.cancel()
    }

    private func tellNext() {
        while let delivery = queue.next(at: loop.now) {
            runner.tell(delivery) { [weak self] outcome in self?.finish(delivery.id, outcome) }
        }
        if let deadline = queue.deadline { timer?.schedule(at: deadline) }
    }

    private func finish(_ id: String, _ outcome: HookQueue.Outcome) {
        queue.finish(id, outcome, at: loop.now, jitter: Double.random(in: 0...1))
        tellNext()
    }
}
