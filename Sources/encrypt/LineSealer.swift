internal import Envelopes
internal import Keyring
internal import Platform

/// Where the sealed lines go, a batch at a time.
final class SharedLinesOutput: @unchecked Sendable {
    private var file: OutputFile?

    init(_ file: consuming OutputFile) { self.file = consume file }

    func write(_ bytes: [UInt8]) throws(FileError) { try file?.write(bytes) }

    /// Gives the file back, so that its owner may commit it.
    func takeFile() -> OutputFile {
        guard let file = file.take() else { preconditionFailure("the file was taken before") }
        return file
    }
}

/// Seals batches of lines. Their numbers are reserved when they are read, so in their order.
final class LineSealer: OrderedWorker {
    typealias Fault = any Error

    /// Fewer lines are done before a thread has started.
    static let countWorthThreads = 64

    private let sealing: EnvelopeSealing
    private let source: LineSource
    private let output: SharedLinesOutput
    private var lines: [LineSource.Line] = []
    private var firstNumber: UInt64 = 0
    private var sealed: [UInt8] = []

    init(_ sealing: EnvelopeSealing, _ source: LineSource, _ output: SharedLinesOutput) {
        self.sealing = sealing
        self.source = source
        self.output = output
    }

    /// How many lines the last batch had.
    var count: Int { lines.count }

    func read() throws -> Bool {
        guard let batch = try source.nextBatch() else { return false }
        lines = batch
        firstNumber = try sealing.reserve(batch.count { $0.fault == nil })
        return true
    }

    func process() throws {
        sealed.removeAll(keepingCapacity: true)
        let now = WallClock().now
        for (index, line) in lines.filter({ $0.fault == nil }).enumerated() {
            let envelope = try sealing.sealer.seal(
                Message(line.text, isLine: true), sequence: firstNumber + UInt64(index), at: now)
            sealed += envelope.text
            sealed.append(0x0a)
        }
    }

    func write() throws {
        try output.write(sealed)
        for line in lines { sealing.report(line) }
    }

    func interrupt() { source.raiseInterrupt() }
}
