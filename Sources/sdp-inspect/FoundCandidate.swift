internal import JSON
internal import SDP

/// A candidate with where it was found.
struct FoundCandidate {
    /// Nil for the end of candidates.
    let candidate: Candidate?
    var mid: String?
    var mediaIndex: Int?
    var usernameFragment: String?
    /// The line in the description, from 1.
    var line: Int?

    init(_ candidate: Candidate?) { self.candidate = candidate }

    init(_ trickled: TrickledCandidate) throws(SDPError) {
        self.init(try trickled.candidate())
        mid = trickled.sdpMid
        mediaIndex = trickled.sdpMLineIndex.map { Int($0) }
        usernameFragment = trickled.usernameFragment
    }

    /// Those of a description in order, and what is wrong with lines that should be some.
    static func all(
        in description: SessionDescription
    ) -> (candidates: [FoundCandidate], faults: [SDPError]) {
        var found: [FoundCandidate] = []
        var faults: [SDPError] = description.faults(Candidate.self)
        for (index, media) in description.media.enumerated() {
            let mid = media.mid
            found += media.allWithLines(Candidate.self).map { line, candidate in
                var one = FoundCandidate(candidate)
                (one.mid, one.mediaIndex, one.line) = (mid, index, line.number)
                return one
            }
            faults += media.faults(Candidate.self)
        }
        return (found, faults)
    }

    /// An object that is an RTCIceCandidateInit, with the candidate's fields beside that.
    var json: JSON {
        guard let candidate else {
            return .object([JSON.Member("type", "endOfCandidates")] + placeMembers)
        }
        let start = [
            JSON.Member("type", "candidate"),
            JSON.Member("candidate", .string("candidate:\(candidate.text)")),
        ]
        let number = line.flatMap { $0 > 0 ? JSON.Member("line", .integer($0)) : nil }
        return .object(
            start + placeMembers + [number].compactMap(\.self) + (candidate.json.members ?? []))
    }

    private var placeMembers: [JSON.Member] {
        [
            mid.map { JSON.Member("sdpMid", .string($0)) },
            mediaIndex.map { JSON.Member("sdpMLineIndex", .integer($0)) },
            usernameFragment.map { JSON.Member("usernameFragment", .string($0)) },
        ].compactMap(\.self)
    }

    /// For a person, one candidate by itself.
    var lines: [String] {
        let place = [mid.map { "mid \($0)" }, mediaIndex.map { "index \($0)" }].compactMap(\.self)
            .joined(separator: ", ")
        guard candidate != nil else {
            return [place.isEmpty ? "end of candidates" : "\(place): end of candidates"]
        }
        return (place.isEmpty ? [] : ["\(place):"]) + Self.table([self])
    }

    static func table(_ candidates: [FoundCandidate]) -> [String] {
        if candidates.isEmpty { return ["no candidates"] }
        var table = Table(
            [
                "index", "type", "over", "address", "port", "from", "priority", "= type", "local",
                "comp",
            ])
        for found in candidates {
            guard let candidate = found.candidate else { continue }
            let parts = candidate.decodedPriority
            let base = candidate.relatedAddress.map { "\($0) \(candidate.relatedPort ?? 0)" }
            table.add([
                found.mediaIndex.map { String($0) } ?? "-", candidate.candidateType.rawValue,
                [candidate.transport.lowercased(), candidate.tcpType].compactMap(\.self)
                    .joined(separator: " "),
                candidate.address, String(candidate.port), base ?? "-",
                String(candidate.priority), String(parts.typePreference),
                String(parts.localPreference), String(parts.component),
            ])
        }
        return table.lines
    }
}

extension TrickledCandidate {
    /// As a line of SDP, without its ending.
    var sdpLine: String { line?.text ?? "a=end-of-candidates" }
}
