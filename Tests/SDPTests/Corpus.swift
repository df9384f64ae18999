import Foundation
import Support
import Testing

/// The session descriptions that others published, and those captured from browsers.
struct CorpusFile: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let all: [CorpusFile] = {
        guard let folder = PublishedVectors.directory?.appending(path: "sdp") else {
            PublishedVectors.absent("the 68 session descriptions")
            return []
        }
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".sdp") }.sorted().map {
            let data = try? Data(contentsOf: folder.appending(path: $0))
            return CorpusFile(name: $0, bytes: [UInt8](data ?? Data()))
        }
    }()
}
