public import Failures
internal import JSON
public import Platform

/// Where a running command speaks: answers on standard output, all else on standard error.
///
/// Answers are gathered and written out by `flush()`, which is called before the program waits for
/// input and at its end: a line in gives its line out at once, and a thousand lines in one read
/// give one write.
public final class Console {
    /// What an unread answer may grow to before it is written.
    static let bufferSize = 64 << 10

    public let name: String
    public let isQuiet: Bool
    public let verbosity: Int
    /// Whether the user asked for JSON; errors are then printed as JSON too.
    public let printsJSON: Bool
    /// The status of the first failure that was reported; nil while all went well.
    public private(set) var failure: FailureKind?
    /// What was printed of that failure, to be printed again where more came after it.
    private var failureLine: String?
    private var endsWithFailure = false
    /// The failures of one kind that were reported of lines, with nothing between them.
    private var repetition: (code: String, count: Int, lastLine: Int)?
    /// So many of them are told one by one.
    static let toldRepetitionCount = 10
    /// Whether text of others is printed as JSON for a person, and so must be harmless.
    private let escapesJSON: Bool
    private var buffer: [UInt8] = []

    public init(name: String, isQuiet: Bool = false, verbosity: Int = 0, printsJSON: Bool = false) {
        self.name = name
        self.isQuiet = isQuiet
        self.verbosity = verbosity
        self.printsJSON = printsJSON
        escapesJSON = printsJSON && FileDescriptor.standardOutput.isTerminal
    }

    /// Whether a person reads the answer.
    public var outputIsTerminal: Bool { FileDescriptor.standardOutput.isTerminal }

    /// Whether to print JSON Lines: asked for, or a program reads the answer.
    public var prefersJSON: Bool { printsJSON || !outputIsTerminal }
}

// Answers.
extension Console {
    public func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        endRepetition()
        try put(bytes)
    }

    private func put(_ bytes: some Collection<UInt8>) throws(FileError) {
        endsWithFailure = false
        if escapesJSON {
            buffer += escapedInJSON(String(decoding: bytes, as: UTF8.self)).utf8
        } else {
            buffer.append(contentsOf: bytes)
        }
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes a line, its end included.
    public func print(_ text: String) throws(FileError) {
        try write(text.utf8)
        try write(CollectionOfOne(0x0a))
    }

    public func print(_ bytes: [UInt8]) throws(FileError) {
        try write(bytes)
        try write(CollectionOfOne(0x0a))
    }

    public func flush() throws(FileError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        do throws(SystemError) { try FileDescriptor.standardOutput.writeAll(buffer) } catch {
            throw .cannotWrite("standard output", reason: error.reason)
        }
    }
}

// The story.
extension Console {
    /// One line on standard error, unless `-q` was given.
    public func note(_ text: String) { if !isQuiet { tell(text) } }

    /// One line on standard error, if `-v` was given.
    public func detail(_ text: String, level: Int = 1) { if verbosity >= level { tell(text) } }

    /// What the user should know even with `-q`.
    public func warn(_ text: String) { tell("warning: \(text)") }

    /// Reports a failure and goes on; the process ends with the status of the first one, unless
    /// its command throws. Of many lines in a row that fail in one way the first few are told of
    /// and the rest counted; as JSON each is printed.
    ///
    /// - Parameters:
    ///   - line: the line of the input that failed, from 1.
    ///   - file: the file it is in, where there are several.
    public func report(_ failure: any Failure, line: Int? = nil, file: String? = nil) {
        let isFirst = self.failure == nil
        self.failure = self.failure ?? failure.kind
        if count(failure, line) { tell(Self.sentence(for: failure, line: line, file: file)) }
        guard printsJSON else { return }
        let text = Self.json(for: failure, line: line, file: file)
        try? put((text + "\n").utf8)
        guard isFirst else { return }
        failureLine = text
        endsWithFailure = true
    }

    /// Whether to tell of the failure, and not just count it.
    private func count(_ failure: any Failure, _ line: Int?) -> Bool {
        if let line, let last = repetition, last.code == failure.code {
            repetition = (last.code, last.count + 1, line)
            return last.count < Self.toldRepetitionCount
        }
        endRepetition()
        if let line { repetition = (failure.code, 1, line) }
        return true
    }

    /// Says how many more failed than were told of.
    func endRepetition() {
        guard let last = repetition else { return }
        repetition = nil
        let count = last.count - Self.toldRepetitionCount
        guard count > 0 else { return }
        tell(
            "line \(last.lastLine): \(count == 1 ? "one more" : "\(count) more"), up to here, failed like that"
        )
    }

    /// Makes the failure that decides the status the last line, where it was printed as JSON.
    func printFailureLast() throws(FileError) {
        guard let failureLine, !endsWithFailure else { return }
        try print(failureLine)
    }

    private func tell(_ text: String) {
        let line = "\(name): \(escapedForTerminal(text))\n"
        try? FileDescriptor.standardError.writeAll(line)
    }

    static func sentence(
        for failure: any Failure, line: Int?, file: String? = nil
    ) -> String {
        let place = (file.map { "\($0): " } ?? "") + (line.map { "line \($0): " } ?? "")
        return place + failure.message + (failure.hint.map { ": \($0)" } ?? "")
    }

    static func json(for failure: any Failure, line: Int?, file: String? = nil) -> String {
        var members: [JSON.Member] = [
            JSON.Member("code", .string(failure.code)),
            JSON.Member("message", .string(failure.message)),
        ]
        if let hint = failure.hint {
            members.append(JSON.Member("hint", .string(hint)))
        }
        if let file { members.append(JSON.Member("file", .string(file))) }
        if let line { members.append(JSON.Member("line", .number("\(line)"))) }
        return JSON.object([JSON.Member("error", .object(members))]).text
    }
}
