internal import Age
internal import Platform

/// An output that several workers write in turn, and that puts armor on where it is wanted.
final class SharedOutput: @unchecked Sendable {
    private var file: OutputFile?
    private var armor: ArmorWriter?
    private var text: [UInt8] = []

    init(_ file: consuming OutputFile, armored: Bool) {
        self.file = consume file
        armor = armored ? ArmorWriter() : nil
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileSealingError) {
        guard !bytes.isEmpty else { return }
        if armor == nil { return try writeFile(bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            text.removeAll(keepingCapacity: true)
            armor?.receive([UInt8](rest.prefix(Self.pieceByteCount))[...], into: &text)
            rest = rest.dropFirst(Self.pieceByteCount)
            try writeText()
        }
    }

    func write(_ bytes: [UInt8]) throws(FileSealingError) {
        try bytes.withUnsafeBufferPointer { bytes throws(FileSealingError) in
            try write(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Writes what armor ends with.
    func finish() throws(FileSealingError) {
        guard armor != nil else { return }
        text.removeAll(keepingCapacity: true)
        armor?.finish(into: &text)
        try writeText()
    }

    /// Gives the file back, so that its owner may commit it.
    func takeFile() -> OutputFile {
        guard let file = file.take() else { preconditionFailure("the file was taken before") }
        return file
    }

    /// How much is put into armor at once.
    private static let pieceByteCount = 48 << 10

    private func writeText() throws(FileSealingError) {
        do throws(FileError) { try file?.write(text) } catch { throw .file(error) }
    }

    private func writeFile(_ bytes: UnsafeRawBufferPointer) throws(FileSealingError) {
        do throws(FileError) { try file?.write(bytes) } catch { throw .file(error) }
    }
}
