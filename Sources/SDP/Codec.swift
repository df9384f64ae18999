/// A payload type of a media description with all that is said of it.
public struct Codec: Equatable, Sendable {
    public var payloadType: UInt8
    /// What the description says, or the static assignment (RFC 3551); nil where neither does.
    public var map: RTPMap?
    public var isMapped: Bool
    /// Of all fmtp lines of the payload type, in order.
    public var parameters: Parameters
    /// With what `*` gives to all.
    public var feedback: [RTCPFeedback]

    public var name: String? { map?.encodingName }
    public func isNamed(_ name: String) -> Bool { map?.isCodec(name) ?? false }

    public var opus: OpusParameters? { isNamed("opus") ? .init(parameters) : nil }
    public var h264: H264Parameters? { isNamed("H264") ? .init(parameters) : nil }
    public var vp8: VP8Parameters? { isNamed("VP8") ? .init(parameters) : nil }
    public var vp9: VP9Parameters? { isNamed("VP9") ? .init(parameters) : nil }
    public var rtx: RTXParameters? { isNamed("rtx") ? .init(parameters) : nil }
    public var red: REDParameters? { isNamed("red") ? .init(parameters) : nil }
}

extension MediaDescription {
    /// The codecs in the order of the `m=` line, the preferred first; all are found at once.
    public var codecs: [Codec] {
        guard let media else { return [] }
        var maps: [UInt32: RTPMap] = [:]
        for map in all(RTPMap.self) { maps[map.payloadType] = maps[map.payloadType] ?? map }
        var parameters: [UInt32: Parameters] = [:]
        for format in all(FormatParameters.self) {
            guard let type = format.payloadType else { continue }
            parameters[type, default: Parameters()].all += format.parameters.all
        }
        var feedback: [UInt32: [RTCPFeedback]] = [:]
        var feedbackForAll: [RTCPFeedback] = []
        for one in all(RTCPFeedback.self) {
            guard let type = one.payloadType else {
                feedbackForAll.append(one)
                continue
            }
            feedback[type, default: []].append(one)
        }
        return media.payloadTypes.map { type in
            let map = maps[UInt32(type)]
            return Codec(
                payloadType: type, map: map ?? RTPMap.assigned(type), isMapped: map != nil,
                parameters: parameters[UInt32(type)] ?? Parameters(),
                feedback: (feedback[UInt32(type)] ?? []) + feedbackForAll)
        }
    }
}
