public import Failures
public import Platform

/// A line of the input is too long. Those after it are read all the same.
public struct LineTooLong: Failure, Equatable {
    public let limit: Int
    public var kind: FailureKind { .malformed }
    public var code: String { "lineTooLong" }
    public var message: String { "the line is longer than \(limit) bytes" }
    public var hint: String? { "one message is one line; a file goes with --format age" }
}

/// The lines of an input, in batches: those that are there, without waiting for more.
///
/// Several workers may take batches in turn, one at a time.
public final class LineSource: @unchecked Sendable {
    public struct Line: Sendable {
        /// From 1.
        public let number: Int
        public let text: [UInt8]
        /// Why there is no text.
        public let fault: LineTooLong?
    }

    /// Enough that a lock or an fsync for each batch costs little, and few enough that two
    /// processors share a thousand lines.
    private static let batchCount = 64
    private static let batchByteCount = 1 << 20
    private static let readByteCount = 64 << 10

    private let input: InputFile
    private let isRegular: Bool
    private var splitter: LineSplitter
    private var interrupt: Interrupt?
    private var hasEnded = false
    /// What comes after the lines of the last batch.
    private var fault: FileError?

    /// - Parameters:
    ///   - start: what was read of the input already.
    ///   - keepingCarriageReturns: whether one before a line feed is a part of the line.
    public init(
        _ input: consuming InputFile, startingWith start: [UInt8] = [], limit: Int,
        keepingCarriageReturns: Bool = false
    ) {
        isRegular = input.descriptor.isRegularFile
        self.input = input
        splitter = LineSplitter(limit: limit, keepingCarriageReturns: keepingCarriageReturns)
        splitter.append(start)
    }

    /// The name of the input, for messages.
    public var name: String { input.name }

    /// Prepares for `raiseInterrupt`; call it before threads are started.
    public func allowInterrupts() {
        if !isRegular && interrupt == nil { interrupt = try? Interrupt() }
    }

    /// Makes the wait of another thread in `nextBatch` end.
    public func raiseInterrupt() { interrupt?.raise() }

    /// Whether the next batch is there already, or the end.
    public var hasMore: Bool {
        hasEnded || splitter.hasLine() || isRegular || input.descriptor.hasInput
    }

    /// Waits for a line and takes those that have come with it; nil at the end, or when
    /// interrupted.
    public func nextBatch() throws(FileError) -> [Line]? {
        if let fault { throw fault }
        var (batch, byteCount): ([Line], Int) = ([], 0)
        while batch.count < Self.batchCount, byteCount < Self.batchByteCount {
            do throws(FileError) {
                guard let line = try nextLine(mayWait: batch.isEmpty) else { break }
                batch.append(line)
                byteCount += line.text.count
                // The rest of it may never end.
                if line.fault != nil { break }
            } catch {
                if batch.isEmpty { throw error }
                fault = error
                break
            }
        }
        return batch.isEmpty ? nil : batch
    }

    private func nextLine(mayWait: Bool) throws(FileError) -> Line? {
        while true {
            do throws(LineSplitter.LineTooLong) {
                if let text = try splitter.next() {
                    return Line(number: splitter.lineNumber, text: text, fault: nil)
                }
            } catch {
                return Line(
                    number: error.line, text: [], fault: LineTooLong(limit: splitter.limit))
            }
            guard !hasEnded, mayWait || isRegular || input.descriptor.hasInput else { return nil }
            if let interrupt, !input.descriptor.waitForInput(or: interrupt) { return nil }
            let bytes = try input.read(upTo: Self.readByteCount)
            splitter.append(bytes)
            if bytes.isEmpty {
                hasEnded = true
                splitter.finish()
            }
        }
    }
}
