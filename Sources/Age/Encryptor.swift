internal import Crypto

/// Seals a file in memory, from bytes as they come.
///
/// For large files a driver makes a `Preamble` and hands its key to a `ChunkSealer` a thread.
public struct Encryptor: ~Copyable {
    private let sealer: ChunkSealer
    private var index: UInt64 = 0
    private var pending: [UInt8] = []
    private var armor: ArmorWriter?
    private var preamble: [UInt8]

    public init(_ recipients: [Recipient], armored: Bool = false) throws(AgeError) {
        let preamble = try Preamble(sealedTo: recipients)
        self.init(preamble, armored: armored)
    }

    init(_ preamble: Preamble, armored: Bool) {
        sealer = ChunkSealer(preamble.payloadKey)
        armor = armored ? ArmorWriter() : nil
        self.preamble = preamble.bytes
    }

    /// Appends what can be written now: the header first, then whole chunks.
    public mutating func receive(_ plaintext: ArraySlice<UInt8>, into file: inout [UInt8]) {
        append([], to: &file)
        pending += plaintext
        // One byte more than a chunk, since a full chunk may be the last.
        var at = 0
        while pending.count - at > PayloadChunk.byteCount {
            seal(pending[at..<(at + PayloadChunk.byteCount)], isLast: false, into: &file)
            at += PayloadChunk.byteCount
        }
        guard at > 0 else { return }
        var rest = Array(pending[at...])
        swap(&pending, &rest)
        wipe(&rest)
    }

    /// Appends the last chunk, and nothing may follow.
    public mutating func finish(into file: inout [UInt8]) {
        seal(pending[...], isLast: true, into: &file)
        wipe(&pending)
        armor?.finish(into: &file)
    }

    private mutating func seal(
        _ plaintext: ArraySlice<UInt8>, isLast: Bool, into file: inout [UInt8]
    ) {
        let count = plaintext.count + AEADKey.tagByteCount
        var sealed = [UInt8](repeating: 0, count: count)
        plaintext.withUnsafeBufferPointer { plaintext in
            sealed.withUnsafeMutableBufferPointer { sealed in
                sealer.sealChunk(plaintext, index: index, isLast: isLast, into: sealed)
            }
        }
        index += 1
        append(sealed, to: &file)
    }

    private mutating func append(_ bytes: [UInt8], to file: inout [UInt8]) {
        let all = preamble + bytes
        preamble = []
        if armor == nil { file += all } else { armor?.receive(all[...], into: &file) }
    }
}
