internal import Envelopes
internal import Failures
internal import Keyring
internal import Platform

/// Opens batches of lines. They are judged and printed in their order.
final class LineOpener: OrderedWorker {
    typealias Fault = any Error

    struct Opened {
        /// The line of the input, from 1.
        let number: Int
        let outcome: Outcome

        enum Outcome {
            case message(OpenedMessage)
            case failure(any Failure)
        }
    }

    /// Fewer lines are done before a thread has started.
    static let countWorthThreads = 64

    private let opening: EnvelopeOpening
    private var opener: Opener
    private let source: LineSource
    private var lines: [LineSource.Line] = []
    private var opened: [Opened] = []

    init(_ opening: EnvelopeOpening, _ opener: Opener, _ source: LineSource) {
        self.opening = opening
        self.opener = opener
        self.source = source
    }

    /// How many lines the last batch had.
    var count: Int { lines.count }

    func read() throws -> Bool {
        guard let batch = try source.nextBatch() else { return false }
        lines = batch
        return true
    }

    func process() throws {
        opened = lines.filter { !$0.text.isEmpty || $0.fault != nil }.map { line in
            if let fault = line.fault {
                return Opened(number: line.number, outcome: .failure(fault))
            }
            do throws(EnvelopeError) {
                let envelope = try Envelope(parsing: line.text)
                let message = try opening.open(envelope, with: &opener)
                return Opened(number: line.number, outcome: .message(message))
            } catch { return Opened(number: line.number, outcome: .failure(error)) }
        }
    }

    func write() throws { try opening.give(opened, isCaughtUp: lines.count < 16) }

    func interrupt() { source.raiseInterrupt() }
}
