extension JSONScanner {
    public static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
        unsafe text.withUnsafeBufferPointer { unsafe isValidUTF8($0) }
    }
}

/// RFC 3629, with a quick way over ASCII.
private func isValidUTF8(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    let count = text.count
    while at < count {
        if at &+ 8 <= count {
            let word = unsafe UnsafeRawPointer(text.baseAddress! + at)
                .loadUnaligned(as: UInt64.self)
            if word & 0x8080_8080_8080_8080 == 0 {
                at &+= 8
                continue
            }
        }
        let lead = unsafe text[at]
        let (length, low, high): (Int, UInt8, UInt8)
        switch lead {
        case 0..<0x80:
            at &+= 1
            continue
        case 0xC2...0xDF: (length, low, high) = (2, 0x80, 0xBF)
        case 0xE0: (length, low, high) = (3, 0xA0, 0xBF)
        case 0xED: (length, low, high) = (3, 0x80, 0x9F)
        case 0xE1...0xEF: (length, low, high) = (3, 0x80, 0xBF)
        case 0xF0: (length, low, high) = (4, 0x90, 0xBF)
        case 0xF1...0xF3: (length, low, high) = (4, 0x80, 0xBF)
        case 0xF4: (length, low, high) = (4, 0x80, 0x8F)
        default: return false
        }
        guard at &+ length <= count else { return false }
        guard unsafe text[at &+ 1] >= low, unsafe text[at &+ 1] <= high else { return false }
        for more in 2..<max(2, length) where unsafe text[at &+ more] & 0xC0 != 0x80 { return false }
        at &+= length
    }
    return true
}
