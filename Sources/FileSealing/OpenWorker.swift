internal import Age
internal import Platform

/// What the workers that open one file share: `input` to `hasEnded` under the read turn, `output`
/// and `isComplete` under the write turn.
final class OpenState {
    let key: PayloadKey
    let input: SharedInput
    let output: SharedOutput
    var carried: [UInt8] = []
    var nextIndex: UInt64 = 0
    var hasEnded = false
    /// Whether the chunk that is marked as the last has been written.
    var isComplete = false

    init(_ key: PayloadKey, _ input: SharedInput, _ output: SharedOutput) {
        self.key = key
        self.input = input
        self.output = output
    }
}

/// Opens batches of chunks. Of a batch with a bad chunk those before it are written.
final class OpenWorker: OrderedWorker {
    typealias Fault = FileSealingError

    private let state: OpenState
    private let opener: ChunkOpener
    private let sealed = Batch(byteCount: Batch.chunkCount * PayloadChunk.sealedByteCount)
    private let plaintext = Batch(byteCount: Batch.chunkCount * PayloadChunk.byteCount)
    private var firstIndex: UInt64 = 0
    private var sawLast = false
    private var fault: AgeError?
    /// What stopped the reading; the chunks before it come first.
    private var readFault: FileSealingError?

    init(_ state: OpenState, bulk: Bool) {
        self.state = state
        opener = ChunkOpener(state.key, bulk: bulk)
    }

    /// How much of the file the last batch was.
    var byteCount: Int { sealed.count }

    func read() throws(FileSealingError) -> Bool {
        guard !state.hasEnded else { return false }
        sealed.replace(with: state.carried)
        try fill()
        if !state.hasEnded {
            let size = PayloadChunk.sealedByteCount
            let whole = sealed.count / size * size
            state.carried = Array(sealed.slice(whole..<sealed.count))
            sealed.count = whole
        }
        firstIndex = state.nextIndex
        state.nextIndex += UInt64(sealed.count / PayloadChunk.sealedByteCount)
        return sealed.count > 0 || readFault != nil
    }

    private func fill() throws(FileSealingError) {
        while !sealed.isFull {
            // A full chunk can be opened whether it is the last or not.
            if sealed.count >= PayloadChunk.sealedByteCount && !state.input.hasMore { return }
            do throws(FileSealingError) {
                guard let count = try state.input.read(into: sealed.room) else { return }
                sealed.count += count
                state.hasEnded = count == 0
            } catch {
                readFault = error
                state.hasEnded = true
                sealed.count -= sealed.count % PayloadChunk.sealedByteCount
            }
            if state.hasEnded { return }
        }
    }

    func process() {
        plaintext.count = 0
        fault = nil
        sawLast = false
        var start = 0
        var index = firstIndex
        while start < sealed.count {
            let end = min(start + PayloadChunk.sealedByteCount, sealed.count)
            do throws(AgeError) {
                guard !sawLast else { throw .payload(.trailingData) }
                try open(start..<end, index: index)
            } catch {
                fault = error
                return
            }
            start = end
            index += 1
        }
    }

    private func open(_ range: Range<Int>, index: UInt64) throws(AgeError) {
        guard range.count >= PayloadChunk.tagByteCount else {
            throw .payload(.truncated)
        }
        let end = plaintext.count + range.count - PayloadChunk.tagByteCount
        sawLast = try opener.openChunk(
            UnsafeBufferPointer(sealed.slice(range)), index: index,
            into: plaintext.slice(plaintext.count..<end))
        plaintext.count = end
    }

    func write() throws(FileSealingError) {
        guard !state.isComplete else {
            if let readFault { throw readFault }
            throw .age(.payload(.trailingData))
        }
        try state.output.write(plaintext.filled)
        state.isComplete = sawLast
        if let fault { throw .age(fault) }
        if let readFault { throw readFault }
    }

    func interrupt() { state.input.raiseInterrupt() }
}
