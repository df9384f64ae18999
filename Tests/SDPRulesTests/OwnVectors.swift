import Foundation
import SDP

/// The descriptions in Tests/Vectors/sdp.
enum OwnVectors {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Vectors/sdp")

    static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: folder.appending(path: path)))
    }

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path)
    }

    static func description(_ path: String) throws -> SessionDescription {
        try SessionDescription(parsing: bytes(path))
    }
}
