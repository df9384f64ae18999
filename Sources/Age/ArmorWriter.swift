internal import Wire

/// Puts bytes into armor as they come.
public struct ArmorWriter {
    private var pending: [UInt8] = []
    private var hasBegun = false

    public init() {}

    /// Appends the lines that are complete.
    public mutating func receive(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) {
        begin(&text)
        pending += bytes
        let whole = pending.count / Armor.bytesPerLine * Armor.bytesPerLine
        var run: [UInt8] = []
        Base64.standard.encode(Array(pending[..<whole]), to: &run)
        text.reserveCapacity(text.count + run.count + run.count / Armor.charactersPerLine)
        for start in stride(from: 0, to: run.count, by: Armor.charactersPerLine) {
            text += run[start..<(start + Armor.charactersPerLine)]
            text.append(lineFeed)
        }
        pending.removeFirst(whole)
    }

    /// Appends the last line and the END line.
    public mutating func finish(into text: inout [UInt8]) {
        begin(&text)
        if !pending.isEmpty {
            Base64.standard.encode(pending, to: &text)
            text.append(lineFeed)
        }
        text += Array("\(Armor.endLine)\n".utf8)
        pending = []
    }

    private mutating func begin(_ text: inout [UInt8]) {
        guard !hasBegun else { return }
        hasBegun = true
        text += Array("\(Armor.beginLine)\n".utf8)
    }
}
