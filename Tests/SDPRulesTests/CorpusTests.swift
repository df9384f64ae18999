import Foundation
import SDP
import SDPRules
import Support
import Testing

/// A session description that others published, or that was captured from a browser.
struct CorpusFile: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let all: [CorpusFile] = {
        guard let folder = PublishedVectors.directory?.appending(path: "sdp") else {
            PublishedVectors.absent("lint of the 68 session descriptions")
            return []
        }
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".sdp") }.sorted().map {
            let data = try? Data(contentsOf: folder.appending(path: $0))
            return CorpusFile(name: $0, bytes: [UInt8](data ?? Data()))
        }
    }()

    static let captured = all.filter { $0.name.hasPrefix("captured/") }

    var description: SessionDescription {
        get throws { try SessionDescription(parsing: bytes) }
    }

    /// By the file's name, as `chromium-offer.sdp`.
    var kind: DescriptionKind { name.contains("answer") ? .answer : .offer }
}

@Suite struct CorpusTests {
    @Test(arguments: CorpusFile.captured)
    func offersAndAnswersOfBrowsersHaveNoError(_ file: CorpusFile) throws {
        let errors = try file.description.lint(as: file.kind).filter { $0.severity == .error }
        #expect(errors.flatMap(\.explanation) == [])
    }

    /// Whatever is read is judged in every profile, and each finding points into the text.
    @Test(arguments: CorpusFile.all, Profile.allCases)
    func everyDescriptionIsJudged(_ file: CorpusFile, _ profile: Profile) throws {
        let description = try file.description
        let lines = description.allLines.reduce(0) { count, _ in count + 1 }
        for finding in description.lint(profile: profile) {
            #expect(finding.severity == finding.rule.severity(in: profile))
            #expect(!finding.message.isEmpty)
            if let position = finding.position {
                #expect((1...lines).contains(position.line) && position.column > 0)
            }
        }
    }

    @Test(arguments: CorpusFile.all)
    func aDescriptionIsNotDifferentFromItself(_ file: CorpusFile) throws {
        let description = try file.description
        #expect(description.differences(from: description) == [])
    }

    @Test(.enabled(if: !CorpusFile.captured.isEmpty, "no published vectors here"))
    func chromiumsAnswerIsLegal() throws {
        func file(_ name: String) throws -> CorpusFile {
            try #require(CorpusFile.captured.first { $0.name.hasSuffix(name) })
        }
        let (offer, answer) = (try file("chromium-offer.sdp"), try file("chromium-answer.sdp"))
        let negotiation = Negotiation(offer: try offer.description, answer: try answer.description)
        #expect(negotiation.isLegal)
        #expect(negotiation.bundles == [["0", "1", "2"]])
        #expect(negotiation.media.map(\.isAccepted) == [true, true, true])
        #expect(negotiation.media[0].codecs.first?.name == "opus/48000/2")
        #expect(negotiation.media[0].offererSends && !negotiation.media[0].answererSends)
        #expect(negotiation.media[1].codecs.first?.retransmission == 97)
        #expect(negotiation.media[0].security.dtlsClient == .answerer)
    }
}
