/// One member of a section in the JSON form: which lines it holds, and in what shape.
struct MemberForm: Sendable {
    enum Shape: Sendable {
        /// The text after `s=`, as it is.
        case lineText
        /// The whole number after `v=`.
        case lineNumber
        /// `true`, for an attribute without a value.
        case flag
        /// An attribute's value, as a string.
        case text
        /// An attribute's value, as a number.
        case integer
        /// An attribute's value with or without a fraction, as a number where that keeps all digits.
        case decimal
        /// An attribute's words, as an array of strings.
        case words
        case direction
        /// The first line of the form, as an object.
        case one(any JSONFields.Type)
        /// All lines of the form, as an array of objects.
        case many(any JSONFields.Type)
    }

    let name: String
    let form: LineForm
    let shape: Shape

    private init(_ name: String, _ form: LineForm, _ shape: Shape) {
        self.name = name
        self.form = form
        self.shape = shape
    }

    private static func line(_ name: String, _ type: LineType, _ shape: Shape) -> MemberForm {
        MemberForm(name, .line(type), shape)
    }

    /// The member is called as the attribute, in camel case.
    private static func attribute(_ name: String, _ shape: Shape) -> MemberForm {
        let words = name.split(separator: "-")
        let capitals = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return MemberForm(words[0] + capitals.joined(), .attribute(name), shape)
    }

    /// In the order in which they are written.
    static let all: [MemberForm] = [
        line("version", .version, .lineNumber),
        line("origin", .origin, .one(Origin.self)),
        line("sessionName", .sessionName, .lineText),
        line("information", .information, .lineText),
        line("uri", .uri, .lineText),
        line("email", .email, .many(EmailAddress.self)),
        line("phone", .phone, .many(PhoneNumber.self)),
        line("connection", .connection, .one(Connection.self)),
        line("bandwidth", .bandwidth, .many(Bandwidth.self)),
        line("timing", .timing, .many(Timing.self)),
        line("repeatTimes", .repeatTimes, .many(RepeatTimes.self)),
        line("timeZones", .timeZones, .one(TimeZones.self)),
        line("key", .key, .one(EncryptionKey.self)),
        attribute("group", .many(Group.self)),
        attribute("mid", .text),
        MemberForm("direction", .attribute(""), .direction),
        attribute("bundle-only", .flag),
        attribute("msid-semantic", .many(StreamSemantic.self)),
        attribute("msid", .many(StreamID.self)),
        attribute("extmap-allow-mixed", .flag),
        attribute("ice-lite", .flag),
        attribute("ice-options", .words),
        attribute("ice-ufrag", .text),
        attribute("ice-pwd", .text),
        attribute("fingerprint", .many(Fingerprint.self)),
        attribute("setup", .text),
        attribute("tls-id", .text),
        attribute("crypto", .many(CryptoAttribute.self)),
        attribute("rtcp", .one(RTCPPort.self)),
        attribute("rtcp-mux", .flag),
        attribute("rtcp-mux-only", .flag),
        attribute("rtcp-rsize", .flag),
        attribute("ptime", .decimal),
        attribute("maxptime", .decimal),
        attribute("framerate", .decimal),
        attribute("rtpmap", .many(RTPMap.self)),
        attribute("fmtp", .many(FormatParameters.self)),
        attribute("rtcp-fb", .many(RTCPFeedback.self)),
        attribute("extmap", .many(HeaderExtension.self)),
        attribute("imageattr", .many(ImageAttribute.self)),
        attribute("rid", .many(RestrictionID.self)),
        attribute("simulcast", .one(Simulcast.self)),
        attribute("ssrc-group", .many(SourceGroup.self)),
        attribute("ssrc", .many(SourceAttribute.self)),
        attribute("sctp-port", .integer),
        attribute("max-message-size", .integer),
        attribute("sctpmap", .many(SCTPMap.self)),
        attribute("candidate", .many(Candidate.self)),
        attribute("remote-candidates", .one(RemoteCandidates.self)),
        attribute("end-of-candidates", .flag),
    ]

    static let indexByName = Dictionary(
        uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })
    private static let indexByForm = Dictionary(
        uniqueKeysWithValues: all.enumerated().map { ($1.form, $0) })
    private static let directionIndex = indexByName["direction"]

    /// Which member a line belongs to by its type and name; nil for those that have none.
    static func index(of line: Line) -> Int? {
        guard let type = line.type else { return nil }
        guard type == .attribute else { return indexByForm[.line(type)] }
        if line.direction != nil { return directionIndex }
        guard let name = line.attributeName, name.count <= longestName else { return nil }
        return indexByForm[.attribute(String(decoding: name, as: UTF8.self))]
    }

    /// In bytes; no longer name needs to be looked up.
    private static let longestName = 24
}
