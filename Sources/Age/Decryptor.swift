internal import Crypto

/// Opens a file in memory, from bytes as they come.
///
/// For large files a driver reads the `Preamble` and hands its key to a `ChunkOpener` a thread.
public struct Decryptor: ~Copyable {
    private let identities: [Identity]
    private var unwrapper: FormReader
    private var preamble = PreambleReader()
    private var chunks: ChunkReader?
    private var binary: [UInt8] = []

    /// - Parameter form: whether to expect armor; nil finds out.
    public init(_ identities: [Identity], form: FileForm? = nil) {
        self.identities = identities
        unwrapper = FormReader(form)
    }

    /// Whether the file is armored, once its first byte is there.
    public var form: FileForm? { unwrapper.form }
    /// The header, once it is there.
    public var header: Header? { preamble.header }

    /// Appends the plaintext of the chunks that are complete and authentic.
    ///
    /// Chunks before a bad one are appended too before this throws: what they say is genuine, and
    /// it is for the caller to keep a part of a file or not.
    public mutating func receive(
        _ bytes: ArraySlice<UInt8>, into plaintext: inout [UInt8]
    ) throws(AgeError) {
        binary.removeAll(keepingCapacity: true)
        // What came before a fault in the armor is still to be looked at first.
        var fault: AgeError?
        do throws(AgeError) { try unwrapper.receive(bytes, into: &binary) } catch { fault = error }
        try open(into: &plaintext)
        if let fault { throw fault }
    }

    /// Call at the end of the file: appends the rest, or throws where the file is not whole.
    public mutating func finish(into plaintext: inout [UInt8]) throws(AgeError) {
        try unwrapper.finish()
        _ = try preamble.finish()
        try chunks?.finish(into: &plaintext)
    }

    private mutating func open(into plaintext: inout [UInt8]) throws(AgeError) {
        var rest = binary[...]
        if chunks == nil {
            rest = try preamble.receive(rest)
            guard let header = preamble.header else { return }
            let key = try header.payloadKey(for: identities, nonce: preamble.nonce)
            chunks = ChunkReader(key)
        }
        try chunks?.receive(rest, into: &plaintext)
    }
}

/// Cuts a payload into chunks and opens them one after another.
private struct ChunkReader: ~Copyable {
    private let opener: ChunkOpener
    private var index: UInt64 = 0
    private var pending: [UInt8] = []
    private var hasEnded = false

    init(_ key: PayloadKey) { opener = ChunkOpener(key) }

    mutating func receive(
        _ bytes: ArraySlice<UInt8>, into plaintext: inout [UInt8]
    ) throws(AgeError) {
        pending += bytes
        var at = 0
        while pending.count - at >= PayloadChunk.sealedByteCount {
            let end = at + PayloadChunk.sealedByteCount
            try open(pending[at..<end], into: &plaintext)
            at = end
        }
        pending.removeFirst(at)
        if hasEnded && !pending.isEmpty { throw .payload(.trailingData) }
    }

    mutating func finish(into plaintext: inout [UInt8]) throws(AgeError) {
        if hasEnded { return }
        guard !pending.isEmpty else { throw .payload(.truncated) }
        try open(pending[...], into: &plaintext)
        guard hasEnded else { throw .payload(.truncated) }
    }

    private mutating func open(
        _ sealed: ArraySlice<UInt8>, into plaintext: inout [UInt8]
    ) throws(AgeError) {
        guard !hasEnded else { throw .payload(.trailingData) }
        guard sealed.count >= AEADKey.tagByteCount else { throw .payload(.truncated) }
        var opened = [UInt8](repeating: 0, count: sealed.count - AEADKey.tagByteCount)
        defer { wipe(&opened) }
        hasEnded = try sealed.withUnsafeBufferPointer { sealed throws(AgeError) in
            try opened.withUnsafeMutableBufferPointer { opened throws(AgeError) in
                try opener.openChunk(sealed, index: index, into: opened)
            }
        }
        plaintext += opened
        index += 1
    }
}
