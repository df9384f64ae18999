public import Age
internal import Crypto
public import Platform

/// An age file whose header has been read and whose payload has not.
///
/// Its payload can be gone through once: by `open`, `inspect` or `rewrap`.
public final class SealedFile {
    public let header: Header
    public let form: FileForm
    private let nonce: [UInt8]
    private let input: SharedInput
    /// How much was read to find the payload, before armor was taken off.
    private let startByteCount: Int

    /// Reads up to the payload.
    ///
    /// - Parameter start: what was read of the input already, to find out its format.
    public init(
        _ input: consuming InputFile, startingWith start: [UInt8] = []
    ) throws(FileSealingError) {
        var form = FormReader()
        var preamble = PreambleReader()
        var bytes = start
        var rest: [UInt8] = []
        var startByteCount = 0
        while preamble.header == nil {
            if bytes.isEmpty { bytes = try Self.read(input) }
            let isAtEnd = bytes.isEmpty
            startByteCount += bytes.count
            do throws(AgeError) {
                var binary: [UInt8] = []
                try form.receive(bytes[...], into: &binary)
                rest = Array(try preamble.receive(binary[...]))
                if isAtEnd {
                    try form.finish()
                    _ = try preamble.finish()
                }
            } catch { throw .age(error) }
            bytes = []
        }
        guard let header = preamble.header, let found = form.form else {
            throw .age(.header(.truncated))
        }
        self.header = header
        self.startByteCount = startByteCount
        self.form = found
        nonce = preamble.nonce
        self.input = SharedInput(input, ahead: rest, form: form)
    }

    private static func read(_ input: borrowing InputFile) throws(FileSealingError) -> [UInt8] {
        do throws(FileError) { return try input.read(upTo: readByteCount) } catch {
            throw .file(error)
        }
    }

    private static let readByteCount = 16 << 10
}

extension SealedFile {
    /// Opens the file in constant memory, on every processor.
    ///
    /// Only authentic chunks are written, in order; when this throws, those before the fault have
    /// been, and the caller drops them by not committing the output.
    ///
    /// - Parameter progress: told how many bytes of the file were read, from one thread at a time.
    public func open(
        with identities: [Identity], to output: inout OutputFile,
        progress: ((Int) -> Void)? = nil
    ) throws(FileSealingError) {
        let key: PayloadKey
        do throws(AgeError) {
            key = try header.payloadKey(for: identities, nonce: nonce)
        } catch { throw .age(error) }
        begin(progress)
        try withShared(&output, armored: false) { output throws(FileSealingError) in
            let state = OpenState(key, self.input, output)
            try Self.openStart(state)
            if !state.hasEnded {
                self.input.allowInterrupts()
                try runInOrder((0..<usefulWorkerCount).map { _ in OpenWorker(state, bulk: true) })
            }
            guard state.isComplete else { throw .age(.payload(.truncated)) }
        }
    }

    /// Tells of what was read already, and from now on of what is read.
    private func begin(_ progress: ((Int) -> Void)?) {
        progress?(startByteCount)
        input.progress = progress
    }

    /// Opens as much as is not worth a thread.
    private static func openStart(_ state: OpenState) throws(FileSealingError) {
        let worker = OpenWorker(state, bulk: false)
        var done = 0
        while done < bulkByteCount, try worker.read() {
            worker.process()
            try worker.write()
            done += worker.byteCount
        }
    }

    /// What the file says of itself; reads it to its end to learn its size.
    public func inspect() throws(FileSealingError) -> Inspection {
        var count = 0
        try forEachPart { part in count += part.count }
        return Inspection(header, form: form, sealedByteCount: count)
    }

    /// Writes the file for other recipients, with its payload as it is.
    ///
    /// The file key stays the same, so whoever could open the file before still can open what they
    /// kept of it.
    public func rewrap(
        by identities: [Identity], for recipients: [Recipient], armored: Bool,
        to output: inout OutputFile, progress: ((Int) -> Void)? = nil
    ) throws(FileSealingError) {
        let start: [UInt8]
        do throws(AgeError) {
            start = try header.rewrapped(by: identities, for: recipients).encoded + nonce
        } catch { throw .age(error) }
        begin(progress)
        try withShared(&output, armored: armored) { output throws(FileSealingError) in
            try output.write(start)
            try self.forEachPart { part throws(FileSealingError) in try output.write(part) }
            try output.finish()
        }
    }

    private func forEachPart(
        _ body: (UnsafeRawBufferPointer) throws(FileSealingError) -> Void
    ) throws(FileSealingError) {
        let part = Batch(byteCount: PayloadChunk.sealedByteCount)
        while true {
            part.count = 0
            guard let count = try input.read(into: part.room), count > 0 else { return }
            part.count = count
            try body(part.filled)
        }
    }
}
