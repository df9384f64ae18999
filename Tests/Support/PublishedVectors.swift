public import Foundation

/// Test data that others published and that is not part of this repository.
public enum PublishedVectors {
    /// `$PARLEY_VECTORS`, else `../shared/vectors` beside the repository; nil where neither is.
    public static let directory: URL? = {
        let repository = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["PARLEY_VECTORS"].map { URL(filePath: $0) }
        let place = named ?? repository.appending(path: "../shared/vectors").standardized
        return FileManager.default.fileExists(atPath: place.path) ? place : nil
    }()

    /// Session descriptions of many programs, and those captured from browsers; none where there
    /// are no vectors, which is said aloud.
    ///
    /// - Parameter what: the cases that do not run then.
    public static func sessionDescriptions(for what: String) -> [VectorFile] {
        guard let folder = directory?.appending(path: "sdp") else {
            absent(what)
            return []
        }
        return VectorFile.all(in: folder, ending: ".sdp")
    }

    /// Says aloud which cases did not run.
    public static func absent(_ what: String) {
        print("NOT RUN: \(what): no published vectors here; set PARLEY_VECTORS to their folder")
    }
}
