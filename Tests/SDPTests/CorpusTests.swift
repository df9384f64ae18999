import JSON
import SDP
import Support
import Testing

@Suite struct CorpusTests {
    @Test func theStandardsAreThere() { #expect(Corpus.standards.count == 36) }

    @Test(arguments: Corpus.all)
    func whatWasReadIsWrittenByteForByte(_ file: VectorFile) throws {
        #expect(try SessionDescription(parsing: file.bytes).encoded == file.bytes)
    }

    @Test(arguments: Corpus.all)
    func theJSONFormGivesTheSameBytes(_ file: VectorFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        let json = try JSON(parsing: description.encodedJSON())
        let again = try SessionDescription(json: json)
        #expect(again.encoded == file.bytes)
        #expect(again.encodedJSON() == json.encoded)
    }

    /// A program on the way may sort the members of every object, as `jq -S` does.
    @Test(arguments: Corpus.all)
    func theOrderOfMembersSaysNothing(_ file: VectorFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        let json = try JSON(parsing: description.encodedJSON())
        #expect(try SessionDescription(json: json.sorted).encoded == file.bytes)
    }

    @Test(arguments: Corpus.all, ["LF", "CRLF", "CR", "CRCRLF"])
    func everyLineEndingIsKept(_ file: VectorFile, _ name: String) throws {
        let ending = name.replacing("CR", with: "\r").replacing("LF", with: "\n")
        let lines = file.bytes.filter { $0 != 0x0d }.split(
            separator: 0x0a, omittingEmptySubsequences: false)
        let bytes = Array(lines.joined(separator: Array(ending.utf8)))
        let description = try SessionDescription(parsing: bytes)
        #expect(description.encoded == bytes)
        #expect(Array(description.allLines).count == lines.count - (lines.last == [] ? 1 : 0))
        let json = try JSON(parsing: description.encodedJSON())
        #expect(try SessionDescription(json: json).encoded == bytes)
    }

    /// Writing every value that can be read changes nothing, since every line says it already.
    @Test(arguments: Corpus.all)
    func settingWhatIsSaidChangesNoByte(_ file: VectorFile) throws {
        var description = try SessionDescription(parsing: file.bytes)
        description.rewrite()
        for index in description.media.indices { description.media[index].rewrite() }
        #expect(description.encoded == file.bytes)
    }

    /// What browsers and the standards write is understood line for line.
    @Test(
        arguments: Corpus.standards
            + Corpus.published.filter { $0.name.hasPrefix("captured") })
    func validLinesAreUnderstood(_ file: VectorFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        #expect(description.syntaxErrors.isEmpty)
        #expect(description.allFaults.isEmpty)
        for media in description.media { #expect(media.allFaults.isEmpty) }
    }
}

extension Section {
    fileprivate mutating func rewrite() {
        for type in lineValues { rewrite(type) }
        (mid, direction, iceUfrag, icePwd) = (mid, direction, iceUfrag, icePwd)
        (setup, ptime, maxptime, tlsID) = (setup, ptime, maxptime, tlsID)
        (sctpPort, maxMessageSize) = (sctpPort, maxMessageSize)
        (hasRTCPMux, isICELite) = (hasRTCPMux, isICELite)
    }

    private mutating func rewrite<Value: LineValue>(_ type: Value.Type) {
        for index in lines.indices {
            if let value = try? lines[index].value(as: type) { lines[index].set(value) }
        }
    }

    var allFaults: [SDPError] { lineValues.flatMap { faults($0) } }
}

/// Every type of line that has fields.
let lineValues: [any LineValue.Type] = [
    Origin.self, EmailAddress.self, PhoneNumber.self, Connection.self, Bandwidth.self, Timing.self,
    RepeatTimes.self, TimeZones.self, EncryptionKey.self, MediaLine.self, RTPMap.self,
    FormatParameters.self, RTCPFeedback.self, RTCPPort.self, HeaderExtension.self,
    SourceAttribute.self, SourceGroup.self, StreamID.self, StreamSemantic.self, SDP.Group.self,
    RestrictionID.self, Simulcast.self, Candidate.self, RemoteCandidates.self, Fingerprint.self,
    CryptoAttribute.self, SCTPMap.self, ImageAttribute.self,
]

extension JSON {
    /// With the members of every object in the order of their names.
    var sorted: JSON {
        switch self {
        case .array(let values): .array(values.map(\.sorted))
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
        default: self
        }
    }
}
