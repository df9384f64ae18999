/// `a=rtpmap`: which codec a payload type is (RFC 8866 section 6.6).
public struct RTPMap: LineValue {
    public static let form = LineForm.attribute("rtpmap")

    /// 0 to 127 by RFC 3550; kept as it was written.
    public var payloadType: UInt32
    /// The media subtype, as it was written; its case does not count.
    public var encodingName: String
    /// In hertz.
    public var clockRate: UInt32
    /// What follows the clock rate: for audio the number of channels.
    public var encodingParameters: String?

    public init(
        payloadType: UInt32, encodingName: String, clockRate: UInt32,
        encodingParameters: String? = nil
    ) {
        self.payloadType = payloadType
        self.encodingName = encodingName
        self.clockRate = clockRate
        self.encodingParameters = encodingParameters
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        payloadType = try reader.number("payload type")
        encodingName = try reader.word("encoding name", before: 0x2f)
        clockRate = try reader.number("clock rate", before: 0x2f)
        encodingParameters = try reader.optionalWord()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(payloadType) \(encodingName)/\(clockRate)")
        if let encodingParameters { writer.text("/\(encodingParameters)") }
    }

    /// The number of channels; 1 where none is said, nil where it is no number.
    public var channels: UInt32? {
        guard let encodingParameters else { return 1 }
        return DecimalNumber<UInt32>(encodingParameters.utf8).value
    }

    public func isCodec(_ name: String) -> Bool { encodingName.isSameIgnoringCase(name) }

    /// What the static payload types mean without an rtpmap (RFC 3551 section 6); nil where a
    /// payload type is dynamic, reserved or not assigned.
    public static func assigned(_ payloadType: UInt8) -> RTPMap? {
        guard let (name, clockRate, channels) = assigned[payloadType] else { return nil }
        return RTPMap(
            payloadType: UInt32(payloadType), encodingName: name, clockRate: clockRate,
            encodingParameters: channels > 1 ? String(channels) : nil)
    }

    private static let assigned: [UInt8: (String, UInt32, Int)] = [
        0: ("PCMU", 8000, 1), 3: ("GSM", 8000, 1), 4: ("G723", 8000, 1), 5: ("DVI4", 8000, 1),
        6: ("DVI4", 16000, 1), 7: ("LPC", 8000, 1), 8: ("PCMA", 8000, 1), 9: ("G722", 8000, 1),
        10: ("L16", 44100, 2), 11: ("L16", 44100, 1), 12: ("QCELP", 8000, 1), 13: ("CN", 8000, 1),
        14: ("MPA", 90000, 1), 15: ("G728", 8000, 1), 16: ("DVI4", 11025, 1),
        17: ("DVI4", 22050, 1), 18: ("G729", 8000, 1), 25: ("CelB", 90000, 1),
        26: ("JPEG", 90000, 1), 28: ("nv", 90000, 1), 31: ("H261", 90000, 1),
        32: ("MPV", 90000, 1), 33: ("MP2T", 90000, 1), 34: ("H263", 90000, 1),
    ]
}
