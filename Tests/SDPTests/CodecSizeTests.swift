import SDP
import Testing

/// Codecs are found once for all, however many lines speak of them.
@Suite struct CodecSizeTests {
    private func media(_ formats: String, _ lines: [String]) throws -> MediaDescription {
        let text = ["v=0", "m=video 9 RTP/AVPF \(formats)"] + lines
        let description = try SessionDescription(parsing: text.joined(separator: "\r\n"))
        return try #require(description.media.first)
    }

    private let allTypes = (0..<128).map { String($0) }

    @Test func aPayloadTypeIsOneCodecHoweverOftenItStandsThere() throws {
        let formats = Array(repeating: allTypes, count: 2000).joined().joined(separator: " ")
        let codecs = try media(formats, ["a=rtpmap:96 VP8/90000"]).codecs
        #expect(codecs.map(\.payloadType) == (0..<128).map { UInt8($0) })
        #expect(codecs[96].name == "VP8" && codecs[96].isMapped)
        #expect(codecs[0].name == "PCMU" && !codecs[0].isMapped)
    }

    /// Copied for each codec, these would be 20 GB.
    @Test func feedbackForAllIsKeptOnce() throws {
        let own = allTypes.map { "a=rtcp-fb:\($0) nack" }
        let common = (0..<400_000).map { "a=rtcp-fb:* x\($0)" }
        let codecs = try media(allTypes.joined(separator: " "), own + common).codecs
        #expect(codecs.count == 128)
        #expect(codecs[5].feedback.count == 400_001)
        #expect(codecs[5].feedback.first == RTCPFeedback(format: "5", "nack"))
        #expect(codecs[5].feedback.last == RTCPFeedback(format: "*", "x399999"))
    }

    @Test func feedbackCanBeSet() throws {
        var codec = try #require(try media("96", ["a=rtcp-fb:* nack"]).codecs.first)
        let before = codec
        codec.feedback.append(RTCPFeedback(format: "96", "ccm", "fir"))
        #expect(codec.feedback.map(\.feedback) == ["nack", "ccm"])
        #expect(codec != before)
    }

    @Test func parametersOfManyLinesAreTogether() throws {
        let lines = (0..<100_000).map { "a=fmtp:96 p\($0)=1" }
        let codec = try #require(try media("96", lines).codecs.first)
        #expect(codec.parameters.all.count == 100_000)
    }
}
