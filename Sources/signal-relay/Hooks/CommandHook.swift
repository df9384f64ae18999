internal import CLI
internal import Clock
internal import Platform
internal import Relay

/// Runs a command for each notice, with the notice on its standard input.
final class CommandHook: HookRunner {
    /// How long a command may run before it is killed.
    private static let timeout = Duration.seconds(30)

    /// How long commands may go on when the relay ends.
    private static let grace = Duration.seconds(1)

    private struct Run {
        let child: ChildProcess
        let deadline: EventLoop.Timer
    }

    let kind = "command"
    private let loop: EventLoop
    private let command: String
    private let console: Console
    private var runs: [String: Run] = [:]

    /// - Parameter command: for `sh -c`.
    init(on loop: EventLoop, _ command: String, _ console: Console) {
        self.loop = loop
        self.command = command
        self.console = console
    }

    func tell(
        _ delivery: HookQueue.Delivery, completion: @escaping (HookQueue.Outcome) -> Void
    ) {
        do throws(SystemError) {
            // What it prints would mix with the line that says where the relay listens.
            let child = try ChildProcess(
                on: loop, ["sh", "-c", command], leadsGroup: true, input: delivery.json + [0x0a],
                onOutput: { _ in },
                onExit: { [weak self] ending in
                    self?.runs.removeValue(forKey: delivery.id)?.deadline.cancel()
                    completion(self?.outcome(of: ending) ?? .failed)
                })
            let deadline = loop.after(Self.timeout) { [weak child] in child?.killAtOnce() }
            runs[delivery.id] = Run(child: child, deadline: deadline)
        } catch {
            console.warn("the notify command cannot be started: \(error.message)")
            loop.atEndOfTurn { completion(.failed) }
        }
    }

    func cancel() {
        let end = MonotonicClock().now + Self.grace
        for run in runs.values {
            run.deadline.cancel()
            run.child.end(by: end)
        }
        runs = [:]
    }

    private func outcome(of ending: ChildProcess.Ending) -> HookQueue.Outcome {
        switch ending {
        case .exited(status: 0): return .told
        case .exited(let status): console.warn("the notify command ended with status \(status)")
        case .killed(let signal): console.warn("the notify command was killed by signal \(signal)")
        case .unknown: console.warn("nobody knows how the notify command ended")
        }
        return .failed
    }
}
