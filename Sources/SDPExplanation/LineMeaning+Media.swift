internal import SDP

// Attributes of media: what is sent, in which codecs, in which packets.
extension LineMeaning {
    static let basics: [String: LineMeaning] = [
        "sendrecv": LineMeaning("RFC 8866 section 6.7.2", "media goes both ways"),
        "sendonly": LineMeaning("RFC 8866 section 6.7.3") { _, context in
            context.isDeclarative
                ? "who takes part only sends" : "media is only sent by the side that wrote this"
        },
        "recvonly": LineMeaning("RFC 8866 section 6.7.1") { _, context in
            context.isDeclarative
                ? "who takes part only receives"
                : "media is only received by the side that wrote this"
        },
        "inactive": LineMeaning("RFC 8866 section 6.7.4", "no media goes either way"),
        "cat": LineMeaning("RFC 8866 section 6.1", value: "the session's category:"),
        "keywds": LineMeaning("RFC 8866 section 6.2", value: "key words:"),
        "tool": LineMeaning("RFC 8866 section 6.3", value: "made with"),
        "ptime": LineMeaning("RFC 8866 section 6.4") { line, _ in
            "a packet is to hold \(line.shownValue) ms of media"
        },
        "maxptime": LineMeaning("RFC 8866 section 6.5") { line, _ in
            "a packet may hold up to \(line.shownValue) ms of media"
        },
        "orient": LineMeaning("RFC 8866 section 6.8", value: "the way a whiteboard is held:"),
        "type": LineMeaning("RFC 8866 section 6.9", value: "the kind of conference:"),
        "charset": LineMeaning("RFC 8866 section 6.10", value: "text is in the character set"),
        "sdplang": LineMeaning("RFC 8866 section 6.11", value: "this description is written in"),
        "lang": LineMeaning("RFC 8866 section 6.12", value: "the media's language:"),
        "framerate": LineMeaning("RFC 8866 section 6.13") { line, _ in
            "video comes with up to \(line.shownValue) frames a second"
        },
        "quality": LineMeaning("RFC 8866 section 6.14", value: "the quality wanted, 0 to 10:"),
        "content": LineMeaning("RFC 4796 section 5", value: "what the media shows:"),
        "label": LineMeaning("RFC 4574 section 4", value: "a label that others refer to:"),
        "imageattr": LineMeaning("RFC 6236 section 3.1", ImageAttribute.self) { _, _ in
            "the sizes of pictures that are sent or taken"
        },
    ]

    static let payloads: [String: LineMeaning] = [
        "rtpmap": LineMeaning("RFC 8866 section 6.6", RTPMap.self) { map, _ in
            let channels = map.channels.map { $0 > 1 ? ", \(counted($0, "channel"))" : "" } ?? ""
            return "payload type \(map.payloadType) is \(map.encodingName) with a clock of "
                + "\(map.clockRate) Hz\(channels)"
        },
        "fmtp": LineMeaning("RFC 8866 section 6.15", FormatParameters.self, parameters),
        "rtcp-fb": LineMeaning("RFC 4585 section 4.2", RTCPFeedback.self) { feedback, context in
            "for \(context.named(feedback.format)): \(words(for: feedback))"
        }.citing { line, _ in
            switch (try? line.value(as: RTCPFeedback.self))?.feedback {
            case "ccm": "RFC 5104 section 7.1"
            case "goog-remb", "transport-cc": "no RFC, but drafts"
            default: nil
            }
        },
    ]

    private static func parameters(
        _ format: FormatParameters, _ context: SectionContext
    ) -> String {
        let said = format.parameters.all.map { parameter in
            FormatWords.all[parameter.name.lowercased()]?(parameter.value ?? "")
                ?? (parameter.value.map { "\(parameter.name) = \($0)" } ?? parameter.name)
        }
        let codec = context.codecs[format.format]?.lowercased()
        if codec == "rtx", let type = format.parameters["apt"] {
            return "\(context.named(format.format)) is \(context.named(type)) sent again"
        }
        return "for \(context.named(format.format)): \(listed(said))"
    }

    private static func words(for feedback: RTCPFeedback) -> String {
        switch (feedback.feedback, feedback.parameter) {
        case ("nack", nil): "lost packets may be asked for again"
        case ("nack", "pli"): "the receiver may say that a picture was lost"
        case ("nack", "sli"): "the receiver may say that a part of a picture was lost"
        case ("nack", "rpsi"): "the receiver may say which picture it has"
        case ("ccm", "fir"): "the receiver may ask for a whole new picture"
        case ("ccm", let kind?) where kind.hasPrefix("tmmbr"):
            "the receiver may ask for a lower bit rate"
        case ("goog-remb", _): "the receiver tells its estimate of the bandwidth"
        case ("transport-cc", _): "the receiver tells when each packet came"
        case ("trr-int", let time?): "regular reports are at least \(time) ms apart"
        case (let kind, let parameter):
            "feedback of the kind \(kind)\(parameter.map { " " + $0 } ?? "")"
        }
    }

    static let rtp: [String: LineMeaning] = [
        "rtcp": LineMeaning("RFC 3605 section 2.1", RTCPPort.self) { rtcp, _ in
            let address = rtcp.address.map { " at \($0)" } ?? ""
            return "RTCP goes to port \(rtcp.port)\(address), where it is not on RTP's port"
        },
        "rtcp-mux": LineMeaning("RFC 5761 section 5.1.1", "RTCP can go over the same port as RTP"),
        "rtcp-mux-only": LineMeaning(
            "RFC 8858 section 3", "RTCP goes over the same port as RTP, and no other way"),
        "rtcp-rsize": LineMeaning("RFC 5506 section 5", "RTCP packets may be short ones"),
        "rtcp-xr": LineMeaning("RFC 3611 section 5.1", value: "extended reports are wanted:"),
        "extmap": LineMeaning("RFC 8285 section 5", HeaderExtension.self) { map, _ in
            let way = map.direction.map { ", \($0.rawValue)" } ?? ""
            guard map.uri == encryptedExtension, let inner = map.attributes else {
                return "RTP header extension \(map.id)\(way) is \(extensionName(map.uri))"
            }
            return "RTP header extension \(map.id)\(way), encrypted, is \(extensionName(inner))"
        }.citing { line, _ in
            let map = try? line.value(as: HeaderExtension.self)
            return map?.uri == encryptedExtension ? "RFC 6904 section 4" : nil
        },
        "extmap-allow-mixed": LineMeaning(
            "RFC 8285 section 6", "header extensions of one and of two bytes may be mixed"),
        "rid": LineMeaning("RFC 8851 section 4", RestrictionID.self) { rid, _ in
            let limits = rid.parameters.all.map { "\($0.name) \($0.value ?? "")" }
            return "stream \(rid.id), which is \(rid.direction == .send ? "sent" : "received")"
                + (limits.isEmpty ? "" : ", with " + listed(limits))
        },
        "simulcast": LineMeaning("RFC 8853 section 5.1", Simulcast.self) { simulcast, _ in
            let ways = [("sent", simulcast.send), ("received", simulcast.recv)]
            return "one source in several streams: "
                + listed(ways.filter { !$0.1.isEmpty }.map { "\($0) as \(streams($1))" })
        },
    ]

    /// The URI before that of an extension that is encrypted (RFC 6904).
    private static let encryptedExtension = "urn:ietf:params:rtp-hdrext:encrypt"

    private static func streams(_ streams: [[Simulcast.Alternative]]) -> String {
        listed(
            streams.map { alternatives in
                alternatives.map { $0.rid + ($0.isPaused ? " (paused)" : "") }
                    .joined(separator: " or ")
            })
    }

    /// By a part of the URI; the first that is in it counts.
    private static let extensionNames: KeyValuePairs = [
        "ssrc-audio-level": "the audio level (RFC 6464)",
        "csrc-audio-level": "the audio levels of a mix (RFC 6465)",
        "toffset": "the transmission time offset (RFC 5450)",
        "sdes:mid": "the mid of the media (RFC 9143)",
        "sdes:rtp-stream-id": "the stream's rid (RFC 8852)",
        "sdes:repaired-rtp-stream-id": "the rid of the stream that is repaired (RFC 8852)",
        "abs-send-time": "the time it was sent",
        "abs-capture-time": "the time it was captured",
        "transport-wide-cc": "a number for congestion control",
        "video-orientation": "the way the camera is held",
        "playout-delay": "how long to wait before playing",
        "video-content-type": "whether it is a camera or a screen",
        "video-timing": "when each step of the video was done",
        "color-space": "the colour space",
        "framemarking": "marks of frames",
    ]

    private static func extensionName(_ uri: String) -> String {
        guard let name = extensionNames.first(where: { uri.contains($0.key) }) else { return uri }
        return "\(name.value): \(uri)"
    }
}

/// What parameters of formats mean, by their names.
enum FormatWords {
    static let all: [String: @Sendable (String) -> String] = [
        "minptime": { "packets of at least \($0) ms" },
        "useinbandfec": {
            $0 == "1" ? "takes error correction in the stream" : "no error correction"
        },
        "usedtx": {
            $0 == "1" ? "prefers that silence is not sent" : "prefers that silence is sent"
        },
        "stereo": { $0 == "1" ? "prefers stereo" : "prefers mono" },
        "sprop-stereo": { $0 == "1" ? "likely sends stereo" : "likely sends mono" },
        "maxaveragebitrate": { "at most \($0) bit/s" },
        "maxplaybackrate": { "plays up to \($0) Hz" },
        "apt": { "for payload type \($0)" },
        "rtx-time": { "for \($0) ms" },
        "profile-level-id": { text in
            guard let id = H264ProfileLevelID(text), let profile = id.profile else {
                return "profile-level-id \(text)"
            }
            return "H.264 profile \(profile.rawValue) at level \(id.level)"
        },
        "packetization-mode": { mode in
            switch mode {
            case "0": "one NAL unit a packet"
            case "1": "NAL units may be cut and joined"
            default: "packetization mode \(mode)"
            }
        },
        "level-asymmetry-allowed": {
            $0 == "1" ? "each way may have its own level" : "both ways have one level"
        },
        "max-fr": { "at most \($0) frames a second" },
        "max-fs": { "pictures of at most \($0) macroblocks" },
        "profile-id": { "profile \($0)" },
    ]
}
