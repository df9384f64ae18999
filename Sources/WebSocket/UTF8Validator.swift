/// Checks UTF-8 (RFC 3629) that comes in pieces, and fails at the first byte that cannot be right.
struct UTF8Validator {
    /// How many continuation bytes are due, and what the next of them may be.
    private var due: UInt8 = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    /// Whether the text may end here.
    var isComplete: Bool { due == 0 }

    /// Whether the text can still become valid after these bytes.
    mutating func accept(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        let count = bytes.count
        while at < count {
            if due == 0, at &+ 8 <= count, unsafe isASCII(bytes, at) {
                at &+= 8
                continue
            }
            guard accept(unsafe bytes[at]) else { return false }
            at &+= 1
        }
        return true
    }

    private func isASCII(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        let word = unsafe UnsafeRawBufferPointer(bytes)
            .loadUnaligned(fromByteOffset: at, as: UInt64.self)
        return word & 0x8080_8080_8080_8080 == 0
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        if due > 0 {
            guard byte >= low, byte <= high else { return false }
            due &-= 1
            (low, high) = (0x80, 0xBF)
            return true
        }
        switch byte {
        case 0..<0x80: return true
        case 0xC2...0xDF: (due, low, high) = (1, 0x80, 0xBF)
        case 0xE0: (due, low, high) = (2, 0xA0, 0xBF)
        case 0xED: (due, low, high) = (2, 0x80, 0x9F)
        case 0xE1...0xEF: (due, low, high) = (2, 0x80, 0xBF)
        case 0xF0: (due, low, high) = (3, 0x90, 0xBF)
        case 0xF1...0xF3: (due, low, high) = (3, 0x80, 0xBF)
        case 0xF4: (due, low, high) = (3, 0x80, 0x8F)
        default: return false
        }
        return true
    }
}
