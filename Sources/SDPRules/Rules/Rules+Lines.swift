import SDP

// The lines that RFC 8866 demands, and their order.

extension Rule {
    static let lines = [
        Rule(
            "session-line-missing", .webrtc(.error, sip: .error, rtsp: .warning),
            RFCSection(8866, "5"),
            "a session has the lines v=, o=, s= and t=",
            hint: "add what is missing: \"s=-\" and \"t=0 0\" say nothing and are enough",
            .session(missingLines)),
        Rule(
            "session-line-order", .webrtc(.error, sip: .warning, rtsp: .warning),
            RFCSection(8866, "5"),
            "the lines of a session come in the order v o s i u e p c b t k a",
            hint: "put the line where RFC 8866 has it; browsers refuse any other order",
            .session(sessionOrder)),
        Rule(
            "media-line-order", .all(.warning), RFCSection(8866, "5"),
            "the lines of media come in the order m i c b k a",
            hint: "put the line where RFC 8866 has it",
            .session(mediaOrder)),
        Rule(
            "line-repeated", .all(.error), RFCSection(8866, "5"),
            "a section has one line at most of v, o, s, i, u and k",
            hint: "keep one; two descriptions may have been joined by mistake",
            .session(repeatedLines)),
        Rule(
            "version-unknown", .all(.error), RFCSection(8866, "5.1"),
            "the version is 0", hint: "write \"v=0\"; there is no other version",
            .session(unknownVersion)),
        Rule(
            "origin-number", .webrtc(.warning, sip: .warning, rtsp: .info),
            RFCSection(3264, "5"),
            "session id and version in o= are numbers of 63 bits at most",
            hint: "use digits, and raise the version by one with each new description",
            .session(originNumbers)),
        Rule(
            "session-name-empty", .webrtc(.error, sip: .warning, rtsp: .warning),
            RFCSection(8866, "5.3"),
            "the name of the session is not empty",
            hint: "write \"s=-\"; browsers refuse the description without it",
            .session(emptyNames)),
        Rule(
            "timing-not-zero", .webrtc(.warning), RFCSection(9429, "5.2.1"),
            "the session is not bound to a time: t=0 0",
            hint: "write \"t=0 0\"", .session(boundTiming)),
        Rule(
            "media-missing", .webrtc(.warning, sip: .warning, rtsp: .warning),
            RFCSection(3264, "5"), "there is media in the session",
            hint: "add a transceiver or a data channel before the offer is made",
            .session(missingMedia)),
        Rule(
            "connection-missing", .webrtc(.error, sip: .error, rtsp: .warning),
            RFCSection(8866, "5.7"), "every media has a c= line, or the session has one",
            hint: "add \"c=IN IP4 0.0.0.0\" where ICE says the address",
            .media(missingConnection)),
        Rule(
            "connection-type", .webrtc(.warning, sip: .error, rtsp: .warning),
            RFCSection(8866, "5.7"), "the address of c= is of the type that it says",
            hint: "write IP6 before an address with colons, IP4 before one with dots",
            .session(connectionTypes)),
        Rule(
            "connection-unknown", .all(.error), RFCSection(8866, "5.7"),
            "the network of c= is IN and its addresses are of type IP4 or IP6",
            hint:
                "write \"c=IN IP4\" or \"c=IN IP6\" before the address; receivers refuse the whole",
            .session(unknownConnections)),
        Rule(
            "connection-case", .all(.warning), RFCSection(8866, "5.7"),
            "IN, IP4 and IP6 in c= are upper case",
            hint: "write \"c=IN IP4\" or \"c=IN IP6\"; the case of letters counts",
            .session(connectionCases)),
        Rule(
            "connection-slash", .all(.warning), RFCSection(8866, "5.7"),
            "an address that is not multicast has neither a time to live nor a count",
            hint: "take the slash and the number out; it is no length of a network, either",
            .session(slashedConnections)),
    ]
}

private func missingLines(_ context: DescriptionContext) -> [Observation] {
    let types = Set(context.description.lines.compactMap(\.type))
    return [LineType.version, .origin, .sessionName, .timing].compactMap { type in
        types.contains(type) ? nil : Observation("there is no \(type.text)= line")
    }
}

/// The first line whose type comes before that of a line above it; t=, r= and z= take turns.
private func misplaced(
    _ lines: [Line], in order: String, media index: Int? = nil
) -> Observation? {
    var last: (type: LineType, rank: Int)?
    for line in lines {
        guard let type = line.type, let rank = rank(of: type, in: order) else { continue }
        if let last, rank < last.rank {
            return Observation(
                "\(type.text)= comes after \(last.type.text)=", at: line, media: index)
        }
        last = (type, rank)
    }
    return nil
}

private func rank(of type: LineType, in order: String) -> Int? {
    let letter = "rz".contains(type.text) ? "t" : type.text
    return order.firstIndex(of: Character(letter))?.utf16Offset(in: order)
}

private func sessionOrder(_ context: DescriptionContext) -> [Observation] {
    misplaced(context.description.lines, in: "vosiuepcbtka").map { [$0] } ?? []
}

private func mediaOrder(_ context: DescriptionContext) -> [Observation] {
    context.media.compactMap { media in
        misplaced(media.section.lines, in: "micbka", media: media.index)
    }
}

private func repeatedLines(_ context: DescriptionContext) -> [Observation] {
    func repeated(_ lines: [Line], _ letters: String, _ index: Int?) -> [Observation] {
        var seen: Set<LineType> = []
        return lines.compactMap { line in
            guard let type = line.type, letters.contains(type.text),
                !seen.insert(type).inserted
            else { return nil }
            return Observation("there is a second \(type.text)= line", at: line, media: index)
        }
    }
    return repeated(context.description.lines, "vosiuck", nil)
        + context.media.flatMap { repeated($0.section.lines, "vosiuk", $0.index) }
}

private func unknownVersion(_ context: DescriptionContext) -> [Observation] {
    context.description.lines.filter { $0.type == .version }.prefix(1).compactMap { line in
        let version = String(decoding: line.value, as: UTF8.self)
        return version == "0" ? nil : Observation("the version is \(quoted(version))", at: line)
    }
}

private func originNumbers(_ context: DescriptionContext) -> [Observation] {
    guard let (line, origin) = context.description.allWithLines(Origin.self).first else {
        return []
    }
    let fields = [("session id", origin.sessionID), ("session version", origin.sessionVersion)]
    return fields.compactMap { name, text in
        let isNumber = text.utf8.allSatisfy(\.isDigit) && Int64(text) != nil
        return isNumber ? nil : Observation("the \(name) is \(quoted(text))", at: line)
    }
}

private func emptyNames(_ context: DescriptionContext) -> [Observation] {
    context.description.lines.filter { $0.type == .sessionName && $0.value.isEmpty }
        .map { Observation("the name of the session is empty", at: $0) }
}

private func boundTiming(_ context: DescriptionContext) -> [Observation] {
    context.description.allWithLines(Timing.self).compactMap { line, timing in
        timing == Timing() ? nil : Observation("the time is \(quoted(timing.text))", at: line)
    }
}

private func missingMedia(_ context: DescriptionContext) -> [Observation] {
    context.media.isEmpty ? [Observation("there is no m= line")] : []
}

private func missingConnection(_ media: MediaContext) -> [Observation] {
    guard media.connection == nil else { return [] }
    return [media.observed("neither \(media.name) nor the session has a c= line")]
}

extension DescriptionContext {
    /// What a rule has to say of each `c=` that can be read.
    fileprivate func everyConnection(_ fault: (Connection) -> String?) -> [Observation] {
        everyLine { line in
            guard line.type == .connection, let connection = try? line.value(as: Connection.self)
            else { return nil }
            return fault(connection).map { Observation($0, at: line) }
        }
    }
}

private func connectionTypes(_ context: DescriptionContext) -> [Observation] {
    context.everyConnection { connection in
        let isIP6 = connection.address.utf8.contains(0x3a)
        let fits = isIP6 ? connection.addressType == "IP6" : connection.addressType != "IP6"
        if fits || scope(of: connection.address) == nil { return nil }
        return "\(quoted(connection.address)) stands behind \(shown(connection.addressType))"
    }
}

/// Networks with addresses of their own (RFC 8866 section 8.2.6).
private let otherNetworks: Set<String> = ["ATM", "TN", "PSTN"]

private func unknownConnections(_ context: DescriptionContext) -> [Observation] {
    context.everyConnection { connection in
        let network = connection.networkType.uppercased()
        if otherNetworks.contains(network) { return nil }
        guard network == "IN" else {
            return "the network type is \(quoted(connection.networkType))"
        }
        return ["IP4", "IP6"].contains(connection.addressType.uppercased())
            ? nil : "the address type is \(quoted(connection.addressType))"
    }
}

private func connectionCases(_ context: DescriptionContext) -> [Observation] {
    context.everyConnection { connection in
        [connection.networkType, connection.addressType].first {
            $0 != $0.uppercased() && ["IN", "IP4", "IP6"].contains($0.uppercased())
        }
        .map { "\(quoted($0)) is not \($0.uppercased())" }
    }
}

private func slashedConnections(_ context: DescriptionContext) -> [Observation] {
    context.everyConnection { connection in
        guard connection.timeToLive != nil || connection.addressCount != nil,
            let scope = scope(of: connection.address), scope != .multicast
        else { return nil }
        return "\(quoted(connection.address)) is no multicast address and has a slash"
    }
}
