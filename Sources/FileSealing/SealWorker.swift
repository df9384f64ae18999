internal import Age
internal import Platform

/// What the workers that seal one file share, under the read turn.
final class SealState {
    let key: PayloadKey
    let input: SharedInput
    let output: SharedOutput
    let progress: ((Int) -> Void)?
    /// Plaintext read already: at least a byte beyond the chunks of the last batch, so that it is
    /// known that none of them is the last.
    var carried: [UInt8] = []
    /// Whether the input has given bytes that it is to give again, so that it has not ended yet.
    var hasUnread = false
    var nextIndex: UInt64 = 0
    var hasEnded = false

    init(
        _ key: PayloadKey, _ input: SharedInput, _ output: SharedOutput,
        _ progress: ((Int) -> Void)?
    ) {
        self.progress = progress
        self.key = key
        self.input = input
        self.output = output
    }
}

/// Seals batches of chunks.
final class SealWorker: OrderedWorker {
    typealias Fault = FileSealingError

    private let state: SealState
    private let sealer: ChunkSealer
    private let plaintext = Batch(byteCount: Batch.chunkCount * PayloadChunk.byteCount + 1)
    private let sealed = Batch(byteCount: Batch.chunkCount * PayloadChunk.sealedByteCount)
    private var firstIndex: UInt64 = 0
    private var isLast = false

    init(_ state: SealState, bulk: Bool) {
        self.state = state
        sealer = ChunkSealer(state.key, bulk: bulk)
    }

    /// How much plaintext the last batch had.
    var byteCount: Int { plaintext.count }

    func read() throws(FileSealingError) -> Bool {
        guard !state.hasEnded else { return false }
        plaintext.replace(with: state.carried)
        while !plaintext.isFull {
            // A chunk that cannot be the last need not wait for more.
            if plaintext.count > PayloadChunk.byteCount && !state.input.hasMore { break }
            guard let count = try state.input.read(into: plaintext.room) else { return false }
            // A last chunk without a byte, after others, is none: the file was cut meanwhile.
            if count == 0 && state.hasUnread { throw state.input.shortened }
            state.hasUnread = false
            plaintext.count += count
            state.hasEnded = count == 0
            if state.hasEnded { break }
        }
        isLast = state.hasEnded
        if !isLast {
            let whole = (plaintext.count - 1) / PayloadChunk.byteCount * PayloadChunk.byteCount
            // A byte carried into the next batch would put all that follows it out of alignment,
            // which costs more than reading it again.
            let isGivenBack = state.input.unread(plaintext.count - whole)
            state.hasUnread = isGivenBack
            state.carried = isGivenBack ? [] : Array(plaintext.slice(whole..<plaintext.count))
            plaintext.count = whole
        }
        firstIndex = state.nextIndex
        state.nextIndex += UInt64(plaintext.count / PayloadChunk.byteCount)
        return true
    }

    func process() {
        sealed.count = 0
        var start = 0
        var index = firstIndex
        repeat {
            let end = min(start + PayloadChunk.byteCount, plaintext.count)
            let sealedCount = end - start + PayloadChunk.tagByteCount
            sealer.sealChunk(
                UnsafeBufferPointer(plaintext.slice(start..<end)), index: index,
                isLast: isLast && end == plaintext.count,
                into: sealed.slice(sealed.count..<(sealed.count + sealedCount)))
            sealed.count += sealedCount
            start = end
            index += 1
        } while start < plaintext.count
    }

    func write() throws(FileSealingError) {
        try state.output.write(sealed.filled)
        state.progress?(plaintext.count)
    }

    func interrupt() { state.input.raiseInterrupt() }
}
