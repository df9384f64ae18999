internal import JSON
internal import Wire

/// Finds descriptions and candidates in bytes of any wrapping.
struct InputReader {
    /// Wrappings inside wrappings: JSON in a string in JSON, Base64 of Base64.
    static let maximumDepth = 6

    private(set) var found: [SDPInput] = []

    mutating func read(_ bytes: ArraySlice<UInt8>) throws(SDPError) {
        guard !bytes.trimmingWhiteSpace.isEmpty else { throw .empty }
        try read(bytes, depth: 0)
        if found.isEmpty { throw .noDescription }
        // One fault among others is told with them; where there is nothing else, it is the answer.
        for input in found { guard case .fault = input else { return } }
        if case .fault(let error)? = found.first { throw error }
    }

    mutating func read(_ bytes: ArraySlice<UInt8>, depth: Int) throws(SDPError) {
        guard depth < Self.maximumDepth else { throw .noDescription }
        let text = bytes.trimmingWhiteSpace
        if let start = Self.startOfJSON(text) {
            return try readJSON(text[start...], in: bytes, depth: depth + 1)
        }
        if readCandidates(text) { return }
        if let decoded = unwrapped(text) { return try read(decoded[...], depth: depth + 1) }
        if Self.isOneDescription(bytes) { return try readDescription(bytes) }
        if try readLog(bytes, depth: depth + 1) { return }
        try readDescription(bytes)
    }

    mutating func readDescription(
        _ bytes: ArraySlice<UInt8>, sdpType: String? = nil
    ) throws(SDPError) {
        let description = try SessionDescription(parsing: Array(bytes))
        found.append(.description(description, sdpType: sdpType))
    }

    /// Keeps what is wrong with a part of the input, beside what there is.
    mutating func tell(_ error: SDPError) { found.append(.fault(error)) }

    // MARK: - Candidates

    private mutating func readCandidates(_ text: ArraySlice<UInt8>) -> Bool {
        var splitter = LineSplitter(Array(text))
        var candidates: [TrickledCandidate] = []
        while let line = splitter.next() {
            if line.isBlank { continue }
            let content = Array(line.content).trimmingWhiteSpace
            guard Self.isCandidate(content) || line.isAttribute("end-of-candidates") else {
                return false
            }
            candidates.append(TrickledCandidate(text: content, number: line.number))
        }
        found += candidates.map { .candidate($0) }
        return !candidates.isEmpty
    }

    static func isCandidate(_ text: some Collection<UInt8>) -> Bool {
        text.starts(with: "candidate:".utf8) || text.starts(with: "a=candidate:".utf8)
    }

    // MARK: - JSON

    /// Where JSON begins in a text that is JSON or a Socket.IO frame: after the packet type, number of
    /// attachments, namespace and acknowledgement number (`42/room,17["name",…]`).
    static func startOfJSON(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first else { return nil }
        if first == 0x7b || first == 0x5b || first == 0x22 { return text.startIndex }
        guard (0x30...0x39).contains(first) else { return nil }
        var at = text.startIndex
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || byte == 0x2d }
        while at < text.endIndex, isDigit(text[at]) { at &+= 1 }
        if at < text.endIndex, text[at] == 0x2f {
            while at < text.endIndex, text[at] != 0x2c, text[at] != 0x0a { at &+= 1 }
            at &+= 1
            while at < text.endIndex, isDigit(text[at]) { at &+= 1 }
        }
        guard at < text.endIndex, text[at] == 0x5b || text[at] == 0x7b else { return nil }
        return at
    }

    static func isWholeJSON(_ text: ArraySlice<UInt8>) -> Bool {
        var scanner = JSONScanner(text)
        guard (try? scanner.skipValue()) != nil else { return false }
        return (try? scanner.expectEnd()) != nil
    }

    /// Reads JSON values one after the other, as pretty-printed ones are pasted; each may be a frame.
    ///
    /// - Parameter whole: the text that they are in.
    private mutating func readJSON(
        _ text: ArraySlice<UInt8>, in whole: ArraySlice<UInt8>, depth: Int
    ) throws(SDPError) {
        let (trees, fault) = Self.values(in: text)
        guard let fault else { return try read(trees, depth: depth) }
        let error = SDPError.notJSON(
            fault.error, at: fault.error.position(in: whole, from: fault.start))
        let rest = text[fault.start...]
        let isLiteral = if case .string? = trees.first { true } else { false }
        if !isLiteral, !trees.isEmpty, fault.start > text.startIndex,
            Self.startOfDescription(in: rest) == nil
        {
            for tree in trees { readWhatThereIs(in: tree, depth: depth) }
            return found.append(.fault(error))
        }
        // A line of a log may begin as JSON does.
        if try readLog(whole, depth: depth) { return }
        throw error
    }

    /// The values, and what is wrong with the one that begins at `start`, behind them.
    private static func values(
        in text: ArraySlice<UInt8>
    ) -> ([JSON], fault: (error: JSONError, start: Int)?) {
        var values: [JSON] = []
        var start = text.startIndex
        while true {
            do throws(JSONError) {
                var scanner = JSONScanner(text[start...])
                try scanner.skipValue()
                let rest = text[scanner.position...].trimmingWhiteSpace
                guard let next = rest.isEmpty ? rest.startIndex : startOfJSON(rest) else {
                    return (values, (.trailingBytes(at: rest.startIndex - start), start))
                }
                values.append(try JSON(parsing: text[start..<scanner.position]))
                if rest.isEmpty { return (values, nil) }
                start = next
            } catch { return (values, (error, start)) }
        }
    }

    /// Where there are several values, a fault of one does not take the others away.
    private mutating func read(_ trees: [JSON], depth: Int) throws(SDPError) {
        if let text = Self.joinedLines(trees) { return try readDescription(text[...]) }
        if trees.count == 1 { return try read(trees[0], depth: depth) }
        for tree in trees { readWhatThereIs(in: tree, depth: depth) }
    }

    mutating func readWhatThereIs(in tree: JSON, depth: Int) {
        do throws(SDPError) { try read(tree, depth: depth) } catch { found.append(.fault(error)) }
    }

    /// Goes down into the tree, whose depth the parser of JSON has bounded.
    private mutating func read(_ json: JSON, depth: Int) throws(SDPError) {
        switch json {
        case .object: try readObject(json, depth: depth)
        case .array(let values): try readArray(values, depth: depth)
        case .string(let text): try readString(text, depth: depth)
        case .null, .bool, .number, .raw: break
        }
    }

    private mutating func readArray(_ values: [JSON], depth: Int) throws(SDPError) {
        if let text = Self.joinedLines(values) { return try readDescription(text[...]) }
        for value in values { readWhatThereIs(in: value, depth: depth) }
    }

    private mutating func readObject(_ json: JSON, depth: Int) throws(SDPError) {
        if json["type"]?.string == "sessionDescription" {
            let description = try SessionDescription(json: json)
            return found.append(.description(description, sdpType: json["sdpType"]?.string))
        }
        if let sdp = json["sdp"]?.string, let type = json["type"]?.string {
            let text = unwrapped(Array(sdp.utf8)[...]) ?? Array(sdp.utf8)
            return try readDescription(text[...], sdpType: type)
        }
        if json.isResult { throw .notDescription(type: json["type"]?.string) }
        if json["type"]?.string == "endOfCandidates" { return readCandidate("", json) }
        if json.isCandidateForm {
            let line = try TrickledCandidate.line(saying: json)
            return readCandidate(line.text, json)
        }
        switch json["candidate"] {
        case .string(let text): return readCandidate(text, json)
        case .null: return readCandidate("", json)
        default: break
        }
        for member in json.members ?? [] { readWhatThereIs(in: member.value, depth: depth) }
    }

    private mutating func readCandidate(_ text: String, _ json: JSON) {
        var candidate = TrickledCandidate(text: text.utf8)
        candidate.sdpMid = json["sdpMid"]?.string
        candidate.sdpMLineIndex = json["sdpMLineIndex"]?.integer.flatMap { UInt32(exactly: $0) }
        candidate.usernameFragment = json["usernameFragment"]?.string
        found.append(.candidate(candidate))
    }

    /// A string in JSON may be anything; only what looks like SDP is taken.
    private mutating func readString(_ text: String, depth: Int) throws(SDPError) {
        let bytes = Array(text.utf8)
        let trimmed = bytes.trimmingWhiteSpace
        guard depth < Self.maximumDepth else { return }
        if trimmed.starts(with: "v=".utf8) {
            return try readDescription((unescaped(trimmed) ?? bytes)[...])
        }
        if Self.isCandidate(trimmed) { return found.append(.candidate(.init(text: trimmed))) }
        if let start = Self.startOfJSON(trimmed), trimmed[start] != 0x22,
            let tree = try? JSON(parsing: trimmed[start...])
        {
            return try read(tree, depth: depth + 1)
        }
        if let decoded = unwrapped(trimmed) { return try read(decoded[...], depth: depth + 1) }
        if Self.hasFirstLine(bytes) { _ = try readLog(bytes[...], depth: depth + 1) }
    }

    // MARK: - Wrappings

    /// What Base64 or written-out line ends stand for; nil where the text is neither.
    private func unwrapped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        if text.starts(with: "v=".utf8) { return unescaped(text) }
        return decodedBase64(text)
    }

    /// SDP on one line with `\r\n` or `\n` written out, also where it was escaped again.
    func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard !text.contains(0x0a), !text.contains(0x0d) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch (byte, rest.first) {
            case (0x5c, 0x6e): bytes.append(0x0a)
            case (0x5c, 0x72): bytes.append(0x0d)
            case (0x5c, 0x5c), (0x5c, 0x2f), (0x5c, 0x22): bytes.append(rest[rest.startIndex])
            default:
                bytes.append(byte)
                continue
            }
            rest.removeFirst()
        }
        if bytes.contains(0x0a) { return bytes }
        return bytes.count < text.count ? unescaped(bytes[...]) : nil
    }

    /// Base64 of SDP or JSON, on one line or folded.
    private func decodedBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let folded = text.filter { $0 != 0x0a && $0 != 0x0d }[...]
        // `v=`, `{"` and `[` in Base64.
        let starts = ["dj", "ey", "ew", "Wy", "Ww"]
        guard starts.contains(where: { folded.starts(with: $0.utf8) }) else { return nil }
        return Base64.standard.decode(folded) ?? Base64.unpadded.decode(folded)
            ?? Base64.url.decode(folded)
    }
}
