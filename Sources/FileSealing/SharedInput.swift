internal import Age
internal import Platform

/// An input that several workers read in turn, in binary form whatever form it is in.
final class SharedInput: @unchecked Sendable {
    private let file: InputFile
    private let isRegular: Bool
    private var form: FormReader
    /// Bytes in binary form that were read ahead.
    private var ahead: [UInt8]
    private var aheadStart = 0
    private var hasEnded = false
    private var interrupt: Interrupt?
    /// Told how many bytes each read had, before armor is taken off.
    var progress: ((Int) -> Void)?

    /// - Parameters:
    ///   - ahead: what was read already, in binary form.
    ///   - form: what took the armor off it.
    init(_ file: consuming InputFile, ahead: [UInt8] = [], form: FormReader = FormReader(.binary)) {
        isRegular = file.descriptor.isRegularFile
        self.file = file
        self.ahead = ahead
        self.form = form
    }

    /// Prepares for `raiseInterrupt`; call it before threads are started.
    func allowInterrupts() { if !isRegular && interrupt == nil { interrupt = try? Interrupt() } }

    func raiseInterrupt() { interrupt?.raise() }

    /// Whether a read would not wait.
    var hasMore: Bool { isRegular || aheadStart < ahead.count || file.descriptor.hasInput }

    /// Fills a part of `buffer`, waiting for the first byte; 0 at the end, nil when interrupted.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileSealingError) -> Int? {
        if form.form == .armored { return try readArmored(into: buffer) }
        let count = takeAhead(into: buffer)
        return count > 0 ? count : try readFile(into: buffer)
    }

    /// The error of an input that ended before bytes which it had already given.
    var shortened: FileSealingError {
        .file(.cannotRead(file.name, reason: "it became shorter while it was read"))
    }

    /// Gives back the last bytes of what was read, so that the next read gives them again; false
    /// where the input cannot do that.
    func unread(_ count: Int) -> Bool {
        isRegular && form.form != .armored && ahead.isEmpty && file.descriptor.seekBack(count)
    }

    private func readArmored(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileSealingError) -> Int? {
        while aheadStart == ahead.count && !hasEnded {
            ahead.removeAll(keepingCapacity: true)
            aheadStart = 0
            let room = min(buffer.count, Self.textByteCount)
            guard let count = try readFile(into: .init(rebasing: buffer[..<room])) else {
                return nil
            }
            let text = [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            do throws(AgeError) {
                if text.isEmpty {
                    hasEnded = true
                    try form.finish()
                } else {
                    try form.receive(text[...], into: &ahead)
                }
            } catch { throw .age(error) }
        }
        return takeAhead(into: buffer)
    }

    private func takeAhead(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, ahead.count - aheadStart)
        ahead.withUnsafeBytes {
            buffer.copyMemory(from: .init(rebasing: $0[aheadStart..<(aheadStart + count)]))
        }
        aheadStart += count
        if aheadStart == ahead.count, form.form != .armored { ahead = [] }
        if ahead.isEmpty { aheadStart = 0 }
        return count
    }

    private func readFile(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileSealingError) -> Int? {
        if let interrupt, !file.descriptor.waitForInput(or: interrupt) { return nil }
        do throws(FileError) {
            let count = try file.read(into: buffer)
            progress?(count)
            return count
        } catch { throw .file(error) }
    }

    /// How much armored text is read at once.
    private static let textByteCount = 64 << 10
}
