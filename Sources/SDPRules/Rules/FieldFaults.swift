import SDP

extension Line {
    /// What is wrong with the fields, where the line's form is known; nil where nothing is.
    var fieldFault: SDPError? {
        if let type, type != .attribute { return readers[type].flatMap { $0(self) } }
        guard let attributeName else { return nil }
        if let propertyFault { return propertyFault }
        return attributeReaders[String(decoding: attributeName, as: UTF8.self)].flatMap { $0(self) }
    }
}

private typealias Reader = @Sendable (Line) -> SDPError?

private func reader<Value: LineValue>(_ type: Value.Type) -> Reader {
    { line in
        do throws(SDPError) {
            _ = try line.value(as: type)
            return nil
        } catch { return error }
    }
}

private let readers: [LineType: Reader] = [
    .origin: reader(Origin.self), .connection: reader(Connection.self),
    .bandwidth: reader(Bandwidth.self), .timing: reader(Timing.self),
    .repeatTimes: reader(RepeatTimes.self), .timeZones: reader(TimeZones.self),
    .key: reader(EncryptionKey.self), .media: reader(MediaLine.self),
]

private let attributeReaders: [String: Reader] = [
    "rtpmap": mapped, "fmtp": reader(FormatParameters.self),
    "rtcp-fb": reader(RTCPFeedback.self), "rtcp": reader(RTCPPort.self),
    "extmap": reader(HeaderExtension.self), "ssrc": source,
    "ssrc-group": reader(SourceGroup.self), "msid": reader(StreamID.self),
    "group": reader(Group.self), "rid": reader(RestrictionID.self),
    "simulcast": reader(Simulcast.self), "candidate": reader(Candidate.self),
    "remote-candidates": reader(RemoteCandidates.self), "fingerprint": reader(Fingerprint.self),
    "crypto": reader(CryptoAttribute.self), "sctpmap": reader(SCTPMap.self),
    "imageattr": reader(ImageAttribute.self), "sctp-port": number(upTo: UInt64(UInt16.max)),
    "max-message-size": number(upTo: .max), "mid": word, "ice-ufrag": word, "ice-pwd": word,
    "setup": word, "ice-options": word, "msid-semantic": word, "ptime": word, "maxptime": word,
]

private func number(upTo maximum: UInt64) -> Reader {
    { line in
        var text = line.attributeText ?? ""
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else {
            return .badField("number", text: String(text.prefix(40)), at: place(of: line))
        }
        text = String(text.drop { $0 == "0" })
        guard text.isEmpty || (UInt64(text).map { $0 <= maximum } ?? false) else {
            return .numberTooLarge("number", at: place(of: line))
        }
        return nil
    }
}

/// A slash comes before a number of channels; the type itself reads on, as receivers do.
private let mapped: Reader = { line in
    if let fault = reader(RTPMap.self)(line) { return fault }
    guard line.attributeText?.split(separator: " ").last?.hasSuffix("/") ?? false else {
        return nil
    }
    return .missingField("encoding parameters", at: line.position(column: line.count + 1))
}

/// Attributes of sources that are nothing without a value (RFC 5576 section 6).
private let source: Reader = { line in
    if let fault = reader(SourceAttribute.self)(line) { return fault }
    guard let source = try? line.value(as: SourceAttribute.self), source.value == nil,
        ["cname", "msid", "previous-ssrc", "fmtp"].contains(source.name)
    else { return nil }
    return .missingField("value of \(source.name)", at: line.position(column: line.count + 1))
}

private let word: Reader = { line in
    (line.attributeText ?? "").isEmpty ? .missingField("value", at: place(of: line)) : nil
}

private func place(of line: Line) -> TextPosition {
    line.position(column: 3 + (line.attributeName?.count ?? 0) + 1)
}
