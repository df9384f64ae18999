/// A payload type of a media description with all that is said of it.
public struct Codec: Equatable, Sendable {
    public var payloadType: UInt8
    /// What the description says, or the static assignment (RFC 3551); nil where neither does.
    public var map: RTPMap?
    /// Whether an rtpmap of the description says what it is.
    public var isMapped: Bool
    /// Of all fmtp lines of the payload type, in order.
    public var parameters: Parameters
    /// Its own, and then what `*` gives to all.
    public var feedback: [RTCPFeedback] {
        get { ownFeedback + feedbackForAll }
        set { (ownFeedback, feedbackForAll) = (newValue, []) }
    }
    fileprivate var ownFeedback: [RTCPFeedback] = []
    /// Kept apart: all codecs share the one array, which may be long.
    fileprivate var feedbackForAll: [RTCPFeedback] = []

    fileprivate init(_ payloadType: UInt8) {
        self.payloadType = payloadType
        isMapped = false
        parameters = Parameters()
    }

    public var name: String? { map?.encodingName }
    /// The case of the letters does not count.
    public func isNamed(_ name: String) -> Bool { map?.isCodec(name) ?? false }

    public var opus: OpusParameters? { isNamed("opus") ? .init(parameters) : nil }
    public var h264: H264Parameters? { isNamed("H264") ? .init(parameters) : nil }
    public var vp8: VP8Parameters? { isNamed("VP8") ? .init(parameters) : nil }
    public var vp9: VP9Parameters? { isNamed("VP9") ? .init(parameters) : nil }
    public var rtx: RTXParameters? { isNamed("rtx") ? .init(parameters) : nil }
    public var red: REDParameters? { isNamed("red") ? .init(parameters) : nil }
}

extension Codec {
    public static func == (a: Codec, b: Codec) -> Bool {
        a.payloadType == b.payloadType && a.map == b.map && a.isMapped == b.isMapped
            && a.parameters == b.parameters && a.feedback == b.feedback
    }
}

extension MediaDescription {
    /// The codecs in the order of the `m=` line, the preferred first, each payload type once; all
    /// are found at once.
    public var codecs: [Codec] {
        guard let media else { return [] }
        var table = CodecTable(media.payloadTypes)
        each(RTPMap.self) { table.add($0) }
        each(FormatParameters.self) { table.add($0) }
        each(RTCPFeedback.self) { table.add($0) }
        return table.finished()
    }
}

/// The codecs of one media description while its lines are read.
private struct CodecTable {
    private var codecs: [Codec] = []
    /// Where in `codecs` each payload type is; 255 for those that are not there.
    private var places = [UInt8](repeating: 255, count: 128)
    private var feedbackForAll: [RTCPFeedback] = []

    /// - Parameter payloadTypes: below 128.
    init(_ payloadTypes: [UInt8]) {
        codecs.reserveCapacity(min(payloadTypes.count, places.count))
        for type in payloadTypes where places[Int(type)] == 255 {
            places[Int(type)] = UInt8(truncatingIfNeeded: codecs.count)
            codecs.append(Codec(type))
        }
    }

    private func place(of payloadType: UInt32?) -> Int? {
        guard let payloadType, payloadType < places.count else { return nil }
        let place = Int(places[Int(payloadType)])
        return place < codecs.count ? place : nil
    }

    /// The first map of a payload type counts.
    mutating func add(_ map: consuming RTPMap) {
        guard let place = place(of: map.payloadType), codecs[place].map == nil else { return }
        codecs[place].map = map
        codecs[place].isMapped = true
    }

    mutating func add(_ format: consuming FormatParameters) {
        guard let place = place(of: format.payloadType) else { return }
        if codecs[place].parameters.isEmpty {
            codecs[place].parameters = format.parameters
        } else {
            codecs[place].parameters.all += format.parameters.all
        }
    }

    mutating func add(_ feedback: consuming RTCPFeedback) {
        if let place = place(of: feedback.payloadType) {
            // Few codecs have more, and most have five.
            if codecs[place].ownFeedback.isEmpty { codecs[place].ownFeedback.reserveCapacity(6) }
            codecs[place].ownFeedback.append(feedback)
        } else if feedback.payloadType == nil {
            feedbackForAll.append(feedback)
        }
    }

    consuming func finished() -> [Codec] {
        for place in codecs.indices {
            if !codecs[place].isMapped {
                codecs[place].map = RTPMap.assigned(codecs[place].payloadType)
            }
            codecs[place].feedbackForAll = feedbackForAll
        }
        return codecs
    }
}
