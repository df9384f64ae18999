public import Foundation

/// A file of test data, as the argument of a test.
public struct VectorFile: CustomStringConvertible, Sendable {
    /// The path below the folder that it was found in.
    public let name: String
    /// Empty where the file cannot be read.
    public let bytes: [UInt8]

    public var description: String { name }

    /// The files below a folder whose names end so, in the order of their names.
    public static func all(in folder: URL, ending: String) -> [VectorFile] {
        let paths = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.sorted().map {
            let data = try? Data(contentsOf: folder.appending(path: $0))
            return VectorFile(name: $0, bytes: [UInt8](data ?? Data()))
        }
    }
}
