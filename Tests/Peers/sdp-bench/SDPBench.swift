// Reads the description on standard input COUNT times and writes it again; with `values` every typed
// value of every line is read too, as parsers do that keep no lines; with `json` it is written as JSON.
//
//     sdp-bench bytes|values|json COUNT
import Platform
import SDP

@main struct SDPBench {
    static func main() { run(CommandLine.arguments) }
}

private func run(_ words: [String]) {
    guard words.count == 3, let count = Int(words[2]),
        let text = try? InputFile(nil).readAll(limit: 1 << 20)
    else { return }
    var sum = 0
    for _ in 0..<count {
        guard let description = try? SessionDescription(parsing: text) else { return }
        switch words[1] {
        case "json": sum &+= description.encodedJSON().count
        case "values": sum &+= valueCount(description) &+ description.encoded.count
        default: sum &+= description.encoded.count
        }
    }
    print(sum)
}

/// Reads every value that a line of a browser's offer has a type or a name for.
private func valueCount(_ description: SessionDescription) -> Int {
    var count = description.groups.count + description.timings.count
    if description.version != nil, description.sessionName != nil { count += 1 }
    if description.origin != nil, description.allowsMixedExtmap { count += 1 }
    count += description.all(StreamSemantic.self).count
    for media in description.media { count += valueCount(media) }
    return count
}

private func valueCount(_ media: MediaDescription) -> Int {
    var count = media.codecs.count + media.all(HeaderExtension.self).count
    count += media.all(SourceAttribute.self).count + media.all(SourceGroup.self).count
    count += media.all(Candidate.self).count + media.all(Fingerprint.self).count
    count += media.all(RestrictionID.self).count + media.all(StreamID.self).count
    if media.connection != nil, media.first(RTCPPort.self) != nil { count += 1 }
    if media.mid != nil, media.iceUfrag != nil, media.icePwd != nil { count += 1 }
    if media.iceOptions != nil, media.setup != nil, media.direction != nil { count += 1 }
    if media.hasRTCPMux, media.hasReducedSizeRTCP { count += 1 }
    if media.sctpPort != nil, media.maxMessageSize != nil { count += 1 }
    return count + media.bandwidths.count + (media.first(Simulcast.self) == nil ? 0 : 1)
}
