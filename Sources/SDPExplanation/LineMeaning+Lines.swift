internal import SDP

extension LineMeaning {
    static let session: [LineType: LineMeaning] = [
        .version: LineMeaning("RFC 8866 section 5.1", value: "the version of the format:"),
        .origin: LineMeaning("RFC 8866 section 5.2", Origin.self) { origin, _ in
            "session \(origin.sessionID) in version \(origin.sessionVersion), made "
                + (origin.username == "-" ? "" : "by \(origin.username) ")
                + "at \(origin.address)"
        },
        .sessionName: LineMeaning("RFC 8866 section 5.3") { line, _ in
            let name = line.shownValue
            return name == "-" || name == " " || name.isEmpty
                ? "the session has no name" : "the session is called \(name)"
        },
        .information: LineMeaning("RFC 8866 section 5.4", value: "about it, for people:"),
        .uri: LineMeaning("RFC 8866 section 5.5", value: "more about the session is at"),
        .email: LineMeaning("RFC 8866 section 5.6", value: "who is responsible, by mail:"),
        .phone: LineMeaning("RFC 8866 section 5.6", value: "who is responsible, by phone:"),
        .connection: LineMeaning("RFC 8866 section 5.7", Connection.self, connection),
        .bandwidth: LineMeaning("RFC 8866 section 5.8", Bandwidth.self, bandwidth).citing {
            line, _ in
            switch (try? line.value(as: Bandwidth.self))?.modifier {
            case "TIAS": "RFC 3890 section 6.2"
            case "RS", "RR": "RFC 3556 section 2"
            default: nil
            }
        },
        .key: LineMeaning("RFC 8866 section 5.12", EncryptionKey.self) { key, _ in
            "a key for the media by the method \(key.method), which nobody is to use any more"
        },
        .media: LineMeaning("RFC 8866 section 5.14", MediaLine.self, media),
    ]

    static let times: [LineType: LineMeaning] = [
        .timing: LineMeaning("RFC 8866 section 5.9", Timing.self) { timing, _ in
            switch (timing.start, timing.stop) {
            case (0, 0): "the session is there for as long as it lasts"
            case (let start, 0): "the session begins at \(NTPTime(start)) and has no end"
            case (let start, let stop):
                "the session is from \(NTPTime(start)) to \(NTPTime(stop))"
            }
        },
        .repeatTimes: LineMeaning("RFC 8866 section 5.10", RepeatTimes.self) { times, _ in
            "that comes again every \(times.interval) for \(times.duration), at "
                + "\(listed(times.offsets)) after the start"
        },
        .timeZones: LineMeaning("RFC 8866 section 5.11", TimeZones.self) { zones, _ in
            "clocks are moved by "
                + listed(zones.adjustments.map { "\($0.offset) at \(NTPTime($0.time))" })
        },
    ]

    private static func connection(_ connection: Connection, _ context: SectionContext) -> String {
        var words = "media is to be sent to \(connection.address)"
        if connection.address == "0.0.0.0" {
            words =
                context.isDeclarative
                ? "the address of the media is not told here: who sets the stream up says it"
                : "media is to be sent to no address that counts: ICE finds it, or it is on hold"
        }
        if let hops = connection.timeToLive { words += ", over at most \(counted(hops, "hop"))" }
        if let count = connection.addressCount {
            words += ", on \(counted(count, "address")) from it"
        }
        return words
    }

    private static func bandwidth(_ bandwidth: Bandwidth, _: SectionContext) -> String {
        let value = bandwidth.value
        return switch bandwidth.modifier {
        case "CT": "the whole conference takes at most \(value) kbit/s"
        case "AS": "this takes, with the packets' headers, at most \(value) kbit/s"
        case "TIAS": "this takes, without the packets' headers, at most \(value) bit/s"
        case "RS": "RTCP of who sends takes at most \(value) bit/s"
        case "RR": "RTCP of who only receives takes at most \(value) bit/s"
        case let other: "a limit of the kind \(other) of \(value)"
        }
    }

    private static func media(_ media: MediaLine, _ context: SectionContext) -> String {
        let port = port(of: media, context)
        let how =
            switch (media.transport.isRTP, media.transport.isSCTP) {
            case (true, _):
                "over RTP (\(media.transport.text)): "
                    + listed(media.formats.map { context.codecs[$0] ?? "payload type \($0)" })
            case (_, true): "over SCTP (\(media.transport.text)): data channels"
            default: "over \(media.transport.text): \(listed(media.formats))"
            }
        return "\(media.kind), \(port), \(how)"
    }

    private static func port(of media: MediaLine, _ context: SectionContext) -> String {
        switch media.port {
        case 0 where context.isDeclarative:
            return "to a port that is agreed on when the stream is set up (port 0)"
        case 0: return "refused, taken away, or carried by its bundle only (port 0)"
        case 9 where context.isTCP: return "over a connection that the other side takes (port 9)"
        case 9: return "to a port that ICE finds"
        default: break
        }
        guard let count = media.portCount, count > 1 else { return "to port \(media.port)" }
        let ports = counted(count, media.transport.isRTP ? "port pair" : "port")
        return "to \(ports) from port \(media.port) on"
    }
}
