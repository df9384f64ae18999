import SDP

// Lines as lines, whatever they mean.

extension Rule {
    static let syntax = [
        Rule(
            "line-syntax", .all(.error), RFCSection(8866, "5"),
            "every line is a letter, an equals sign and a value",
            hint: "take out what is no line of SDP, or what was cut or wrapped on the way",
            .session(brokenLines)),
        Rule(
            "field-syntax", .all(.error), RFCSection(8866, "9"),
            "the fields of a line are what its type demands",
            hint: "write the line again as its RFC has it; receivers drop it or refuse the whole",
            .session(brokenFields)),
        Rule(
            "attribute-name", .all(.error), RFCSection(8866, "9"),
            "the name of an attribute is a token",
            hint: "write a=<name> or a=<name>:<value>, without a space before the colon",
            .session(oddAttributeNames)),
        Rule(
            "text-not-utf8", .all(.warning), RFCSection(8866, "5"),
            "text is UTF-8",
            hint: "encode the description as UTF-8 on its whole way",
            .session(linesNotUTF8)),
        Rule(
            "line-too-long", .all(.warning), RFCSection(8866, "5"),
            "a line has a sane length, at most \(maximumSaneLineLength) bytes",
            hint: "look for text that was joined; the RFC has no limit, but parsers have",
            .session(longLines)),
        Rule(
            "line-ending", .all(.info), RFCSection(8866, "5"),
            "lines end with CRLF",
            hint: "send CRLF; most parsers take LF, and some do not",
            .session(otherEndings)),
        Rule(
            "line-ending-mixed", .all(.warning), RFCSection(8866, "5"),
            "all lines end alike",
            hint: "find what edits the description on its way and make it write CRLF",
            .session(mixedEndings)),
        Rule(
            "line-ending-missing", .all(.warning), RFCSection(8866, "9"),
            "the last line ends, too",
            hint: "put CRLF behind the last line; Chromium refuses the whole without it",
            .session(missingEnding)),
        Rule(
            "blank-line", .webrtc(.error, sip: .warning, rtsp: .warning), RFCSection(8866, "5"),
            "there are no blank lines between others",
            hint: "take the blank lines out; browsers refuse the whole, others stop at them",
            .session(blankLines)),
        Rule(
            "blank-line-last", .webrtc(.warning), RFCSection(8866, "5"),
            "there is no blank line behind the last line",
            hint: "end with one line end; Chromium refuses the whole where another one follows",
            .session(lastBlankLine)),
        Rule(
            "attribute-repeated", .all(.warning), RFCSection(9429, "5.8.2"),
            "an attribute that has one value stands once in its section",
            hint: "keep one of them; receivers differ in which they believe",
            .session(repeatedAttributes)),
        Rule(
            "attribute-level", .all(.warning), RFCSection(8866, "5.13"),
            "attributes of the session stand before the first m=, those of media behind theirs",
            hint: "move the line; where it stands now it is not looked for",
            .session(misplacedAttributes)),
    ]
}

/// RFC 8866 sets no limit; real lines stay below it, and some parsers have buffers of this size.
let maximumSaneLineLength = 1024

private func brokenLines(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard !line.isBlank, let error = line.syntaxError else { return nil }
        var observation = Observation(error)
        observation.message += ": \(quoted(line.text))"
        return observation
    }
}

private func brokenFields(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard let error = line.fieldFault else { return nil }
        var observation = Observation(error)
        observation.message = "\(line.nameInMessages): " + observation.message
        return observation
    }
}

private func oddAttributeNames(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard let name = line.attributeName else { return nil }
        if name.isEmpty { return Observation("the attribute has no name", at: line, column: 3) }
        guard let place = name.firstIndex(where: { !$0.isTokenCharacter }) else { return nil }
        return Observation(
            "the attribute's name is \(quoted(String(decoding: name, as: UTF8.self)))", at: line,
            column: 3 + (place - name.startIndex))
    }
}

private func linesNotUTF8(_ context: DescriptionContext) -> [Observation] {
    guard !context.attributes.has("charset") else { return [] }
    return context.everyLine { line in
        guard String(validating: line.content, as: UTF8.self) == nil else { return nil }
        return Observation("the line has bytes that are not UTF-8", at: line)
    }
}

private func longLines(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard line.count > maximumSaneLineLength else { return nil }
        return Observation(
            "the line has \(line.count) bytes", at: line, column: maximumSaneLineLength + 1)
    }
}

private func otherEndings(_ context: DescriptionContext) -> [Observation] {
    guard context.description.allLines.allSatisfy({ !$0.hasEnding || $0.ending != .crlf }),
        let first = context.description.allLines.first(where: { $0.hasEnding })
    else { return [] }
    return [Observation("no line ends with CRLF", at: first, column: first.count + 1)]
}

private func mixedEndings(_ context: DescriptionContext) -> [Observation] {
    var first: LineEnding?
    for line in context.description.allLines where line.hasEnding {
        let ending = line.ending
        if let first, ending != first {
            return [
                Observation(
                    "the line ends otherwise than the first", at: line, column: line.count + 1)
            ]
        }
        first = ending
    }
    return []
}

private func missingEnding(_ context: DescriptionContext) -> [Observation] {
    var last: Line?
    for line in context.description.allLines where !line.isBlank { last = line }
    guard let last, !last.hasEnding else { return [] }
    return [Observation("the last line has no line end", at: last, column: last.count + 1)]
}

private func blankLines(_ context: DescriptionContext) -> [Observation] {
    var blank: [Line] = []
    var found: [Observation] = []
    for line in context.description.allLines {
        if line.isBlank {
            blank.append(line)
        } else if !blank.isEmpty {
            found += blank.map { Observation("the line is blank", at: $0) }
            blank = []
        }
    }
    return found
}

/// What prints a description often puts an end of its own behind it.
private func lastBlankLine(_ context: DescriptionContext) -> [Observation] {
    var first: Line?
    for line in context.description.allLines {
        first = line.isBlank ? first ?? line : nil
    }
    return first.map { [Observation("a blank line follows the last", at: $0)] } ?? []
}

/// Attributes of which a section has one at most.
private let single = [
    "mid", "ice-ufrag", "ice-pwd", "ice-lite", "ice-options", "setup", "tls-id", "rtcp",
    "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "sctp-port", "max-message-size", "ptime", "maxptime",
    "framerate", "bundle-only", "end-of-candidates", "extmap-allow-mixed",
]

private func repeatedAttributes(_ context: DescriptionContext) -> [Observation] {
    func repeated(_ table: AttributeTable, _ index: Int?) -> [Observation] {
        single.flatMap { name in
            table.lines(name).dropFirst().map { line in
                Observation("a=\(name) stands there a second time", at: line, media: index)
            }
        }
    }
    return repeated(context.attributes, nil)
        + context.media.flatMap { repeated($0.attributes, $0.index) }
}

private let ofSession = ["group", "ice-lite", "ice-pacing", "msid-semantic"]
private let ofMedia = [
    "mid", "rtpmap", "fmtp", "rtcp-fb", "candidate", "remote-candidates", "rtcp", "rtcp-mux",
    "rtcp-mux-only", "rtcp-rsize", "ice-mismatch", "ssrc", "ssrc-group", "msid", "bundle-only",
    "rid", "simulcast", "sctp-port", "sctpmap", "max-message-size", "imageattr", "ptime",
    "maxptime", "framerate", "crypto",
]

private func misplacedAttributes(_ context: DescriptionContext) -> [Observation] {
    let early = ofMedia.flatMap { name in
        context.attributes.lines(name).map {
            Observation("a=\(name) is before the first m=", at: $0)
        }
    }
    return early
        + context.media.flatMap { media in
            ofSession.flatMap { name in
                media.attributes.lines(name).map {
                    media.observed("a=\(name) belongs to the session", at: $0)
                }
            }
        }
}
