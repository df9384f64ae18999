/// A session description (RFC 8866): the lines of the session and its media descriptions.
///
/// Nothing that was read is lost: `encoded` gives the same bytes back, and a change of one line
/// changes that line alone. Any text that has a `v=`, `o=` or `m=` line, or that begins with a line of
/// a type of RFC 8866, can be read; what is wrong in its lines is for those who ask for their values.
public struct SessionDescription: Section, Equatable, Sendable {
    /// The lines before the first `m=`, whatever they hold.
    public var lines: [Line] = []
    public var media: [MediaDescription] = []

    public init() {}

    /// - Throws: `empty` or `notSDP`.
    public init(parsing text: [UInt8]) throws(SDPError) {
        var splitter = LineSplitter(text)
        var section: [Line] = []
        var isMedia = false
        while let line = splitter.next() {
            if line.type == .media {
                end(section, isMedia: isMedia)
                section = []
                section.reserveCapacity(8)
                isMedia = true
            }
            section.append(line)
        }
        end(section, isMedia: isMedia)
        try expectDescription()
    }

    public init(parsing text: String) throws(SDPError) { try self.init(parsing: Array(text.utf8)) }

    private mutating func end(_ section: [Line], isMedia: Bool) {
        if isMedia { media.append(MediaDescription(lines: section)) } else { lines = section }
    }

    private func expectDescription() throws(SDPError) {
        if !media.isEmpty { return }
        if lines.contains(where: { $0.type == .version || $0.type == .origin }) { return }
        let first = lines.first { !$0.isBlank }
        guard let first else { throw .empty }
        if let type = first.type, type.isKnown { return }
        throw .notSDP(at: first.position(column: first.count > 1 && first.type == nil ? 2 : 1))
    }

    /// The description as text: the bytes it was read from, where nothing was changed.
    public var encoded: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(
            media.reduce(byteCount(of: lines)) { $0 &+ byteCount(of: $1.lines) })
        var endsOpen = false
        append(lines, to: &text, &endsOpen)
        for section in media { append(section.lines, to: &text, &endsOpen) }
        return text
    }

    private func byteCount(of lines: [Line]) -> Int { lines.reduce(0) { $0 &+ $1.byteCount &+ 2 } }

    private func append(_ lines: [Line], to text: inout [UInt8], _ endsOpen: inout Bool) {
        var place = 0
        while place < lines.count {
            // A line was put behind the last one, which had no ending.
            if endsOpen { text.append(contentsOf: lineEnding.bytes) }
            let first = lines[place]
            var end = first.endWithEnding
            endsOpen = !first.hasEnding
            place &+= 1
            // Those that still stand where they were read are written at once.
            while place < lines.count, !endsOpen, lines[place].stands(at: end, in: first.source) {
                end = lines[place].endWithEnding
                endsOpen = !lines[place].hasEnding
                place &+= 1
            }
            text.append(contentsOf: first.source[first.start..<end])
        }
    }

    /// The description as text, with what is not UTF-8 replaced by U+FFFD; to be shown.
    public var text: String { String(decoding: encoded, as: UTF8.self) }

    /// All lines in order, those of the media descriptions too.
    public var allLines: some Sequence<Line> {
        [[lines], media.map(\.lines)].joined().joined()
    }

    /// Every line that has no form of RFC 8866, in order; blank lines at the end are passed over.
    public var syntaxErrors: [SDPError] {
        let all = Array(allLines)
        let end = (all.lastIndex { !$0.isBlank } ?? -1) + 1
        return all.prefix(end).compactMap(\.syntaxError)
    }
}

/// A media description (RFC 8866 section 5.14): its `m=` line and what follows, to the next one.
public struct MediaDescription: Section, Equatable, Sendable {
    /// The first is the `m=` line, unless somebody took it away.
    public var lines: [Line]

    public init(lines: [Line]) { self.lines = lines }

    public init(_ media: MediaLine, ending: LineEnding = .crlf) {
        lines = [Line(content: media.encodedLine, ending: ending)]
    }
}

extension Line {
    public var isBlank: Bool { content.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
}
