internal import Wire

/// Reads a header from bytes as they come, and accepts exactly one encoding of each.
public struct HeaderParser {
    private enum State {
        case version
        /// Between stanzas: a stanza or the HMAC may begin.
        case stanza
        /// In the body of the stanza with `arguments`, whose lines so far are `bodyText`.
        case body
        case complete(Header)
    }

    private var state = State.version
    private var line: [UInt8] = []
    private var arguments: [String] = []
    private var bodyText: [UInt8] = []
    private var stanzas: [Stanza] = []
    private var byteCount = 0
    private(set) var lineNumber = 0

    public init() {}

    /// The header, once its last line is there.
    public var header: Header? { if case .complete(let header) = state { header } else { nil } }

    /// Takes the bytes of the header and gives back those after it.
    public mutating func receive(
        _ bytes: ArraySlice<UInt8>
    ) throws(AgeError) -> ArraySlice<UInt8> {
        var rest = bytes
        while header == nil, !rest.isEmpty {
            let end = rest.firstIndex(of: lineFeed)
            let taken = rest[..<(end ?? rest.endIndex)]
            byteCount += taken.count
            guard byteCount < Header.maximumByteCount else { throw .header(.tooLong) }
            line += taken
            if lineNumber == 0 { try checkBeginning() }
            rest = rest[taken.endIndex...]
            guard end != nil else { break }
            rest = rest.dropFirst()
            byteCount += 1
            lineNumber += 1
            state = try next(after: line)
            line.removeAll(keepingCapacity: true)
        }
        return rest
    }

    /// Refuses what is no age file at its first byte, before a line end comes or never comes.
    private func checkBeginning() throws(AgeError) {
        let expected = Header.versionLine.utf8.dropLast()
        if expected.starts(with: line) { return }
        if line.starts(with: expected), line.count == expected.count + 1,
            line.last == carriageReturn
        {
            return
        }
        if line.starts(with: Header.versionLine.utf8.dropLast(2)) {
            throw .header(.unsupportedVersion)
        }
        let hasByteOrderMark = line.first == 0xFF || line.first == 0xFE
        throw .header(.notAge(hasByteOrderMark ? .utf16 : nil))
    }

    private mutating func next(after line: [UInt8]) throws(AgeError) -> State {
        switch state {
        case .version:
            if line.elementsEqual(Header.versionLine.utf8.dropLast()) { return .stanza }
            if line.last == carriageReturn { throw .header(.notAge(.carriageReturns)) }
            throw .header(.unsupportedVersion)
        case .stanza:
            if line.starts(with: "-> ".utf8) {
                arguments = try words(of: line.dropFirst(3))
                bodyText.removeAll(keepingCapacity: true)
                return .body
            }
            return .complete(Header(stanzas, mac: try mac(line)))
        case .body:
            guard line.count <= Stanza.charactersPerLine else { throw badLine }
            bodyText += line
            if line.count == Stanza.charactersPerLine { return .body }
            guard let body = Base64.unpadded.decode(bodyText[...]) else { throw badLine }
            stanzas.append(Stanza(arguments, body: body))
            return .stanza
        case .complete: throw badLine
        }
    }

    private func words(of text: ArraySlice<UInt8>) throws(AgeError) -> [String] {
        let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let areWords = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x21...0x7E).contains($0) }
        }
        guard areWords else { throw badLine }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }

    private func mac(_ line: [UInt8]) throws(AgeError) -> [UInt8] {
        guard line.starts(with: "--- ".utf8), !stanzas.isEmpty,
            let mac = Base64.unpadded.decode(line.dropFirst(4)), mac.count == Header.macByteCount
        else { throw badLine }
        return mac
    }

    private var badLine: AgeError { .header(.badLine(lineNumber)) }
}
