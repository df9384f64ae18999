import SDP

// What the RFC of a codec demands of its rtpmap and fmtp.

extension Rule {
    static let codecs = [
        Rule(
            "opus-clock", .all(.error), RFCSection(7587, "7"),
            "Opus is opus/48000/2",
            hint: "write opus/48000/2, also for mono: fmtp says stereo=0", .media(opusClock)),
        Rule(
            "opus-parameters", .all(.warning), RFCSection(7587, "6.1"),
            "the parameters of Opus are in their ranges",
            hint:
                "maxplaybackrate is 8000 to 48000, maxaveragebitrate 6000 to 510000, flags 0 or 1",
            .media(opusParameters)),
        Rule(
            "codec-clock", .all(.error), RFCSection(3551, "6"),
            "a codec has the clock rate of its RFC",
            hint: "write the clock rate of RTP: 90000 for video, 8000 for G722", .media(clockRates)),
        Rule(
            "h264-profile", .all(.error), RFCSection(6184, "8.1"),
            "profile-level-id is six hexadecimal digits",
            hint: "write profile, constraints and level as in 42e01f", .media(h264Profiles)),
        Rule(
            "h264-profile-unknown", .all(.warning), RFCSection(6184, "8.1"),
            "profile-level-id is a profile of H.264",
            hint: "check the constraint bits: 42e0 is constrained baseline, 4d00 main, 6400 high",
            .media(unknownProfiles)),
        Rule(
            "h264-packetization", .all(.error), RFCSection(6184, "8.1"),
            "packetization-mode is 0, 1 or 2",
            hint: "use packetization-mode=1, which browsers know", .media(packetizationModes)),
        Rule(
            "rtx-apt-missing", .all(.error), RFCSection(4588, "8.1"),
            "retransmission says what it repeats",
            hint: "add \"a=fmtp:<rtx payload type> apt=<payload type>\"", .media(rtxWithoutAPT)),
        Rule(
            "rtx-apt-unknown", .all(.error), RFCSection(4588, "8.1"),
            "apt is a payload type of the m= line, and no retransmission itself",
            hint: "take the rtx out together with the codec it repeats", .media(rtxOfNothing)),
        Rule(
            "rtx-clock", .all(.warning), RFCSection(4588, "4"),
            "retransmission has the clock rate of what it repeats",
            hint: "give the rtx the clock rate of its codec", .media(rtxClocks)),
        Rule(
            "red-unknown-payload", .all(.error), RFCSection(2198, "5"),
            "the blocks of RED are payload types of the m= line",
            hint: "list the primary codec's payload type: a=fmtp:63 111/111", .media(redOfNothing)),
        Rule(
            "telephone-event-clock", .webrtc(.info, sip: .warning), RFCSection(4733, "2.1"),
            "telephone events have the clock rate of a codec beside them",
            hint: "add telephone-event with the clock rate of the codec that is used",
            .media(eventClocks)),
        Rule(
            "media-codec-missing", .webrtc(.error, sip: .info, rtsp: .info),
            RFCSection(3264, "5.1"),
            "there is a codec that carries media, beside those that repair and signal",
            hint: "offer at least one codec of audio or video", .media(onlyAuxiliary)),
        Rule(
            "audio-codec-mandatory", .webrtc(.warning), RFCSection(7874, "3"),
            "audio has Opus, PCMU or PCMA",
            hint: "offer opus; every WebRTC endpoint has it", .media(mandatoryAudio)),
        Rule(
            "video-codec-mandatory", .webrtc(.warning), RFCSection(7742, "5"),
            "video has VP8 or H.264",
            hint: "offer VP8 or H264 constrained baseline; browsers have both",
            .media(mandatoryVideo)),
        Rule(
            "ptime", .all(.warning), RFCSection(8866, "6.4"),
            "ptime and maxptime are milliseconds, and ptime is not the larger one",
            hint: "most codecs take 10 to 120 ms", .media(packetTimes)),
    ]
}

private func opusClock(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard codec.isNamed("opus"), codec.map?.clockRate != 48000 || codec.map?.channels != 2
        else {
            return nil
        }
        return media.observed(
            "payload type \(codec.payloadType) is \(codec.text)", at: codec.mapLine)
    }
}

private func opusParameters(_ media: MediaContext) -> [Observation] {
    let ranges: [String: ClosedRange<UInt32>] = [
        "maxplaybackrate": 8000...48000, "sprop-maxcapturerate": 8000...48000,
        "maxaveragebitrate": 6000...510_000, "stereo": 0...1, "sprop-stereo": 0...1,
        "useinbandfec": 0...1, "usedtx": 0...1, "cbr": 0...1,
    ]
    return media.codecs.filter { $0.isNamed("opus") }.flatMap { codec in
        codec.parameters.all.compactMap { parameter -> Observation? in
            guard let range = ranges[parameter.name.lowercased()] else { return nil }
            if let number = parameter.value.flatMap({ UInt32($0) }), range.contains(number) {
                return nil
            }
            return media.observed(
                "\(parameter.name) is \(quoted(parameter.value ?? ""))", at: codec.parametersLine)
        }
    }
}

/// In hertz. PCMU and PCMA have other rates than telephony's too, as RFC 3551 defines them.
private let clocks: [String: UInt32] = [
    "vp8": 90000, "vp9": 90000, "h264": 90000, "h265": 90000, "av1": 90000, "h263-1998": 90000,
    "g722": 8000, "g729": 8000, "gsm": 8000, "ilbc": 8000, "amr": 8000, "amr-wb": 16000,
    "evs": 16000,
]

private func clockRates(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard let name = codec.lowercasedName, let clock = clocks[name],
            codec.map?.clockRate != clock
        else { return nil }
        return media.observed(
            "payload type \(codec.payloadType) is \(codec.text); its clock rate is \(clock)",
            at: codec.mapLine)
    }
}

private func h264Profiles(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard let h264 = codec.h264, h264.profileLevelID == nil else { return nil }
        return media.observed(
            "profile-level-id is \(quoted(codec.parameters["profile-level-id"] ?? ""))",
            at: codec.parametersLine)
    }
}

private func unknownProfiles(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard let id = codec.h264?.profileLevelID, id.profile == nil else { return nil }
        return media.observed(
            "profile-level-id \(id.text) is of no profile that RFC 6184 knows",
            at: codec.parametersLine)
    }
}

private func packetizationModes(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard codec.isNamed("H264"), let text = codec.parameters["packetization-mode"],
            !["0", "1", "2"].contains(text)
        else { return nil }
        return media.observed("packetization-mode is \(quoted(text))", at: codec.parametersLine)
    }
}

private func rtxWithoutAPT(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard codec.isRetransmission, codec.repeated == nil else { return nil }
        return media.observed(
            "payload type \(codec.payloadType) is rtx without apt",
            at: codec.parametersLine ?? codec.mapLine)
    }
}

private func rtxOfNothing(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard let apt = codec.repeated else { return nil }
        guard let primary = media.codec(apt) else {
            return media.observed(
                "rtx \(codec.payloadType) repeats \(apt), which is not in the m= line",
                at: codec.parametersLine)
        }
        guard primary.isRetransmission else { return nil }
        return media.observed(
            "rtx \(codec.payloadType) repeats \(apt), which is rtx too", at: codec.parametersLine)
    }
}

private func rtxClocks(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard let apt = codec.repeated, let primary = media.codec(apt)?.map, let own = codec.map,
            own.clockRate != primary.clockRate
        else { return nil }
        return media.observed(
            "rtx \(codec.payloadType) has clock rate \(own.clockRate), \(shown(primary.encodingName)) has \(primary.clockRate)",
            at: codec.mapLine)
    }
}

private func redOfNothing(_ media: MediaContext) -> [Observation] {
    media.codecs.flatMap { codec -> [Observation] in
        guard let red = codec.red else { return [] }
        return Set(red.payloadTypes).sorted().filter { media.codec($0) == nil }.map {
            media.observed(
                "red \(codec.payloadType) has blocks of \($0), which is not in the m= line",
                at: codec.parametersLine)
        }
    }
}

private func eventClocks(_ media: MediaContext) -> [Observation] {
    let rates = Set(
        media.codecs.filter { !$0.isAuxiliary || $0.isNamed("CN") }.compactMap(\.map?.clockRate))
    return media.codecs.compactMap { codec in
        guard codec.isNamed("telephone-event"), let rate = codec.map?.clockRate,
            // A stream of events alone follows no codec (RFC 4317 section 2.4).
            !rates.isEmpty, !rates.contains(rate)
        else { return nil }
        return media.observed(
            "no codec beside telephone-event \(codec.payloadType) has clock rate \(rate)",
            at: codec.mapLine)
    }
}

private func onlyAuxiliary(_ media: MediaContext) -> [Observation] {
    guard !media.codecs.isEmpty, media.codecs.allSatisfy(\.isAuxiliary) else { return [] }
    let names = media.codecs.map(\.text).joined(separator: ", ")
    return [media.observed("\(media.name) has nothing but \(quoted(names))")]
}

private func mandatory(_ media: MediaContext, _ kind: String, _ names: [String]) -> [Observation] {
    // An answer has what it took of the offer, which others may have left it without.
    guard media.isRTP, media.kind == kind, !media.codecs.isEmpty, media.session.kind != .answer,
        !media.codecs.contains(where: { codec in names.contains { codec.isNamed($0) } })
    else { return [] }
    let offered = media.codecs.map(\.text).joined(separator: ", ")
    return [media.observed("\(media.name) has \(quoted(offered))")]
}

private func mandatoryAudio(_ media: MediaContext) -> [Observation] {
    mandatory(media, "audio", ["opus", "PCMU", "PCMA"])
}

private func mandatoryVideo(_ media: MediaContext) -> [Observation] {
    mandatory(media, "video", ["VP8", "H264"])
}

private func packetTimes(_ media: MediaContext) -> [Observation] {
    func time(_ name: String) -> Double? { media.attributes.text(name).flatMap { Double($0) } }
    let odd = ["ptime", "maxptime"].filter { media.attributes.has($0) }.filter { name in
        guard let time = time(name) else { return true }
        return !(time > 0 && time <= 1000)
    }
    let observations = odd.map { name in
        media.observed(
            "\(name) is \(quoted(media.attributes.text(name) ?? ""))",
            at: media.attributes.lines(name).first)
    }
    guard odd.isEmpty, let ptime = time("ptime"), let most = time("maxptime"), ptime > most else {
        return observations
    }
    return [
        media.observed(
            "ptime \(ptime) is above maxptime \(most)", at: media.attributes.lines("ptime").first)
    ]
}
