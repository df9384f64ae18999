/// Takes a body off the connection as its framing says (RFC 9112 sections 6 and 7).
struct BodyDecoder {
    enum Framing: Equatable {
        case length(Int)
        case chunked
        /// Responses only: the body ends with the connection.
        case untilClose
    }

    private enum State {
        case data(remaining: Int)
        case untilClose
        case chunkSize(value: Int, digits: Int)
        case chunkExtension(count: Int)
        case chunkSizeLF(value: Int)
        case chunkData(remaining: Int)
        case chunkDataCR
        case chunkDataLF
        case trailer(lineIsEmpty: Bool, count: Int)
        case trailerLF(lineIsEmpty: Bool, count: Int)
        case finished
    }

    private var state: State
    private var chunkSize = 0
    private(set) var body: [UInt8] = []
    let limit: Int

    init(_ framing: Framing, limit: Int) throws(HTTPError) {
        self.limit = limit
        switch framing {
        case .length(let count):
            guard count <= limit else { throw .bodyTooLarge }
            state = count == 0 ? .finished : .data(remaining: count)
        case .chunked: state = .chunkSize(value: 0, digits: 0)
        case .untilClose: state = .untilClose
        }
    }

    var isFinished: Bool { if case .finished = state { true } else { false } }
    /// The whole body, once it is there.
    var finishedBody: [UInt8]? { isFinished ? body : nil }
    var endsWithConnection: Bool { if case .untilClose = state { true } else { false } }

    /// Takes what belongs to the body.
    mutating func receive(_ input: inout ArraySlice<UInt8>) throws(HTTPError) {
        while !isFinished, !input.isEmpty {
            switch state {
            case .data(let remaining):
                let left = remaining - (try take(remaining, from: &input))
                state = left == 0 ? .finished : .data(remaining: left)
            case .chunkData(let remaining):
                let left = remaining - (try take(remaining, from: &input))
                state = left == 0 ? .chunkDataCR : .chunkData(remaining: left)
            case .untilClose: _ = try take(input.count, from: &input)
            default: state = try next(after: input.removeFirst())
            }
        }
    }

    private mutating func take(
        _ wanted: Int, from input: inout ArraySlice<UInt8>
    ) throws(HTTPError) -> Int {
        let part = input.prefix(wanted)
        guard body.count + part.count <= limit else { throw .bodyTooLarge }
        body.append(contentsOf: part)
        input = input[part.endIndex...]
        return part.count
    }

    /// The framing of a chunked body, a byte at a time (section 7.1).
    private mutating func next(after byte: UInt8) throws(HTTPError) -> State {
        switch (state, byte) {
        case (.chunkSize(let value, let digits), _):
            return try afterSize(byte, value: value, digits: digits)
        case (.chunkExtension, 0x0d): return .chunkSizeLF(value: chunkSize)
        case (.chunkExtension(let count), _):
            guard byte.isFieldValueCharacter, count < Limits.chunkExtensionByteCount else {
                throw .malformedChunk
            }
            return .chunkExtension(count: count + 1)
        case (.chunkSizeLF(0), 0x0a): return .trailer(lineIsEmpty: true, count: 0)
        case (.chunkSizeLF(let value), 0x0a): return .chunkData(remaining: value)
        case (.chunkDataCR, 0x0d): return .chunkDataLF
        case (.chunkDataLF, 0x0a): return .chunkSize(value: 0, digits: 0)
        case (.trailer(let isEmpty, let count), 0x0d):
            return .trailerLF(lineIsEmpty: isEmpty, count: count)
        case (.trailer(_, let count), _):
            guard byte.isFieldValueCharacter, count < Limits.trailerByteCount else {
                throw .malformedChunk
            }
            return .trailer(lineIsEmpty: false, count: count + 1)
        case (.trailerLF(true, _), 0x0a): return .finished
        case (.trailerLF(false, let count), 0x0a): return .trailer(lineIsEmpty: true, count: count)
        default: throw .malformedChunk
        }
    }

    private mutating func afterSize(
        _ byte: UInt8, value: Int, digits: Int
    ) throws(HTTPError) -> State {
        if let digit = UInt8(hexDigit: byte) {
            // Eight digits are 4 GiB; the limit refuses far less.
            guard digits < 8 else { throw .bodyTooLarge }
            return .chunkSize(value: value << 4 | Int(digit), digits: digits + 1)
        }
        guard digits > 0 else { throw .malformedChunk }
        guard body.count + value <= limit else { throw .bodyTooLarge }
        chunkSize = value
        switch byte {
        case 0x0d: return .chunkSizeLF(value: value)
        case 0x3b, 0x20, 0x09: return .chunkExtension(count: 1)
        default: throw .malformedChunk
        }
    }
}

extension BodyDecoder.Framing {
    /// What the fields say of the length; nil where they say nothing.
    ///
    /// Stricter than RFC 9112 section 6.3, which lets equal lengths repeat: two readers that choose
    /// differently are how requests get smuggled.
    init?(_ fields: Fields, isHTTP10: Bool) throws(HTTPError) {
        let lengths = fields.values("Content-Length")
        let codings = fields.values("Transfer-Encoding")
        guard lengths.count + codings.count <= 1 else { throw .ambiguousLength }
        if let coding = codings.first {
            guard coding.lowercased() == "chunked", !isHTTP10 else {
                throw .unsupportedTransferCoding
            }
            self = .chunked
        } else if let text = lengths.first {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(text)
            else { throw .malformedContentLength }
            self = .length(length)
        } else {
            return nil
        }
    }
}
