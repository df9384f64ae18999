/// Base64 (RFC 4648), strict: one text for each byte string, and nothing else decodes.
public enum Base64: Sendable {
    /// Section 4, with padding: what our JSON carries.
    case standard
    /// Section 4 without padding, as age headers have it.
    case unpadded
    /// Section 5 without padding, as a JWT has it (RFC 7515 section 2).
    case url

    public func encode(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        return unsafe String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { text in
            unsafe bytes.withUnsafeBufferPointer { unsafe fill(text, from: $0) }
        }
    }

    /// Appends the text of `bytes` to `text`, without a String between.
    public func encode(_ bytes: [UInt8], to text: inout [UInt8]) {
        let start = text.count
        let count = encodedCount(bytes.count)
        text.append(contentsOf: repeatElement(0, count: count))
        unsafe text.withUnsafeMutableBufferPointer { text in
            let room = unsafe UnsafeMutableBufferPointer(rebasing: text[start...])
            unsafe bytes.withUnsafeBufferPointer { _ = unsafe fill(room, from: $0) }
        }
    }

    /// The bytes that `encode` turns into this text; nil where there are none.
    public func decode(_ text: some StringProtocol) -> [UInt8]? { decode(Array(text.utf8)[...]) }

    public func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        unsafe text.withUnsafeBufferPointer { unsafe decode($0) }
    }

    private var isPadded: Bool { if case .standard = self { true } else { false } }

    private func encodedCount(_ count: Int) -> Int {
        isPadded ? (count + 2) / 3 * 4 : (count * 4 + 2) / 3
    }

    private func fill(
        _ text: UnsafeMutableBufferPointer<UInt8>, from bytes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let alphabet = if case .url = self { urlAlphabet } else { standardAlphabet }
        return unsafe alphabet.withUnsafeBufferPointer { alphabet in
            var (at, out) = (0, 0)
            while at &+ 3 <= bytes.count {
                let word =
                    unsafe Int(bytes[at]) << 16 | Int(bytes[at &+ 1]) << 8 | Int(bytes[at &+ 2])
                unsafe text[out] = alphabet[word >> 18]
                unsafe text[out &+ 1] = alphabet[word >> 12 & 63]
                unsafe text[out &+ 2] = alphabet[word >> 6 & 63]
                unsafe text[out &+ 3] = alphabet[word & 63]
                at &+= 3
                out &+= 4
            }
            guard at < bytes.count else { return out }
            let second = unsafe at &+ 1 < bytes.count ? Int(bytes[at &+ 1]) : 0
            let word = unsafe Int(bytes[at]) << 16 | second << 8
            unsafe text[out] = alphabet[word >> 18]
            unsafe text[out &+ 1] = alphabet[word >> 12 & 63]
            out &+= 2
            if at &+ 1 < bytes.count {
                unsafe text[out] = alphabet[word >> 6 & 63]
                out &+= 1
            }
            while isPadded, out % 4 != 0 {
                unsafe text[out] = 0x3d
                out &+= 1
            }
            return out
        }
    }

    private func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var count = text.count
        if isPadded {
            guard count % 4 == 0 else { return nil }
            for _ in 0..<2 where count > 0 && text.count - count < 2 {
                if unsafe text[count - 1] == 0x3d { count -= 1 }
            }
        }
        guard count % 4 != 1 else { return nil }
        let values = if case .url = self { urlValues } else { standardValues }
        var (word, bits): (UInt32, Int) = (0, 0)
        var bad: UInt8 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count * 3 / 4) { bytes, filled in
            unsafe values.withUnsafeBufferPointer { values in
                for at in 0..<count {
                    let value = unsafe values[Int(text[at])]
                    bad |= value
                    word = word << 6 | UInt32(value & 63)
                    bits &+= 6
                    guard bits >= 8 else { continue }
                    bits &-= 8
                    unsafe bytes[filled] = UInt8(truncatingIfNeeded: word >> UInt32(bits))
                    filled &+= 1
                }
            }
        }
        // The bits of the last character that belong to no byte must be zero (section 3.5).
        let slack = word & (1 << UInt32(bits) - 1)
        return bad & 0x80 == 0 && slack == 0 ? bytes : nil
    }
}

private let standardAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let urlAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
private let standardValues = values(of: standardAlphabet)
private let urlValues = values(of: urlAlphabet)

/// For each byte its place in the alphabet, or 0xFF.
private func values(of alphabet: [UInt8]) -> [UInt8] {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
}
