import SDP

/// A payload type of a media description with what is said of it.
struct MediaCodec: Sendable {
    let payloadType: UInt8
    /// What the description says, or the static assignment; nil where neither does.
    let map: RTPMap?
    /// The rtpmap line; nil for a static assignment.
    let mapLine: Line?
    let parameters: Parameters
    let parametersLine: Line?
    /// Without what `*` gives to all.
    let feedback: [RTCPFeedback]
    /// Nil where it has no name.
    let lowercasedName: String?
    /// `opus/48000/2`, or the payload type where it has no name.
    let text: String
    /// Name, clock rate and channels, in the form that two sides compare.
    let identity: String
    /// The parameters that have to be the same on both sides.
    let essentials: Essentials
    let isRetransmission: Bool
    /// What a retransmission repeats (`apt`); nil for any other codec, and where it says nothing.
    let repeated: UInt32?

    /// Each payload type of the `m=` line once, in its order.
    static func all(of media: MediaLine?, _ attributes: AttributeTable) -> [MediaCodec] {
        let maps = firsts(attributes.values(RTPMap.self)) { $0.payloadType }
        var parameters: [UInt32: (line: Line, value: Parameters)] = [:]
        for (line, value) in attributes.values(FormatParameters.self) {
            guard let type = value.payloadType else { continue }
            parameters[type, default: (line, Parameters())].value.all += value.parameters.all
        }
        var feedback: [UInt32: [RTCPFeedback]] = [:]
        for (_, value) in attributes.values(RTCPFeedback.self) {
            if let type = value.payloadType { feedback[type, default: []].append(value) }
        }
        var seen: Set<UInt8> = []
        return (media?.payloadTypes ?? []).filter { seen.insert($0).inserted }.map { type in
            let (map, said) = (maps[UInt32(type)], parameters[UInt32(type)])
            return MediaCodec(
                type, map: map?.value ?? RTPMap.assigned(type), mapLine: map?.line,
                parameters: said?.value ?? Parameters(), parametersLine: said?.line,
                feedback: feedback[UInt32(type)] ?? [])
        }
    }

    private init(
        _ payloadType: UInt8, map: RTPMap?, mapLine: Line?, parameters: Parameters,
        parametersLine: Line?, feedback: [RTCPFeedback]
    ) {
        self.payloadType = payloadType
        self.map = map
        self.mapLine = mapLine
        self.parameters = parameters
        self.parametersLine = parametersLine
        self.feedback = feedback
        let name = map.map { shown($0.encodingName) }
        let channels = map?.encodingParameters.map { "/\(shown($0))" } ?? ""
        text =
            name.map { "\($0)/\(map?.clockRate ?? 0)\(channels)" } ?? "payload type \(payloadType)"
        lowercasedName = map?.encodingName.lowercased()
        let lowered = lowercasedName ?? "?\(payloadType)"
        identity = "\(lowered)/\(map?.clockRate ?? 0)/\(map?.channels ?? 0)"
        essentials = Essentials(of: lowered, parameters)
        isRetransmission = lowered == "rtx"
        repeated = isRetransmission ? RTXParameters(parameters).associatedPayloadType : nil
    }

    private static func firsts<Value>(
        _ values: [(line: Line, value: Value)], by key: (Value) -> UInt32
    ) -> [UInt32: (line: Line, value: Value)] {
        Dictionary(values.map { (key($0.value), $0) }) { first, _ in first }
    }

    func isNamed(_ name: String) -> Bool { map?.isCodec(name) ?? false }

    var opus: OpusParameters? { isNamed("opus") ? OpusParameters(parameters) : nil }
    var h264: H264Parameters? { isNamed("H264") ? H264Parameters(parameters) : nil }
    var vp9: VP9Parameters? { isNamed("VP9") ? VP9Parameters(parameters) : nil }
    var red: REDParameters? { isNamed("red") ? REDParameters(parameters) : nil }

    /// Whether it only goes with another codec: it repairs, wraps or signals.
    var isAuxiliary: Bool {
        let names = ["rtx", "red", "ulpfec", "flexfec", "flexfec-03", "telephone-event", "CN"]
        return names.contains { isNamed($0) }
    }
}

extension RTCPFeedback {
    /// `nack pli`.
    var words: String { feedback + (parameter.map { " \($0)" } ?? "") }
}
