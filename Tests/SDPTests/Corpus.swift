import Foundation
import Support

/// The session descriptions that others published, those captured from browsers, and the RFCs'.
enum Corpus {
    static let all = published + standards

    static let published = PublishedVectors.sessionDescriptions(for: "the 68 session descriptions")

    static let standards = VectorFile.all(
        in: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/sdp"), ending: ".sdp"
    ).filter { !$0.name.contains("/") }  // folders hold what is wrong on purpose
}
