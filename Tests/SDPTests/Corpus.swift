import Foundation
import Support
import Testing

/// The session descriptions that others published, those captured from browsers, and the RFCs'.
struct CorpusFile: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let all = published + standards

    static let published: [CorpusFile] = {
        guard let folder = PublishedVectors.directory?.appending(path: "sdp") else {
            PublishedVectors.absent("the 68 session descriptions")
            return []
        }
        return files(in: folder)
    }()

    static let standards = files(
        in: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/sdp")
    ).filter { !$0.name.contains("/") }  // folders hold what is wrong on purpose

    private static func files(in folder: URL) -> [CorpusFile] {
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".sdp") }.sorted().map {
            let data = try? Data(contentsOf: folder.appending(path: $0))
            return CorpusFile(name: $0, bytes: [UInt8](data ?? Data()))
        }
    }
}
