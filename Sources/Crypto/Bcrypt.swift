internal import CLibcrypt

/// The system's libcrypt could not be loaded, which old password hashes need.
public struct LibcryptMissing: Error, Equatable {}

/// Password hashes of bcrypt, `$2b$10$` and 53 characters: only to check those that others made.
public enum Bcrypt {
    /// Costs that are taken; each step doubles the time, and 10 takes some 50 ms.
    public static let costs = 4...14
    private static let saltAndHashCount = 53
    private static let alphabet =
        Set("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Whether the text has the form of such a hash, by any of its three names.
    public static func isHash(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 7 + saltAndHashCount, bytes[0] == 0x24, bytes[1] == 0x32,
            [0x61, 0x62, 0x79].contains(bytes[2]), bytes[3] == 0x24, bytes[6] == 0x24,
            bytes[4...5].allSatisfy({ (0x30...0x39).contains($0) }),
            let cost = Int(String(decoding: bytes[4...5], as: UTF8.self)), costs.contains(cost)
        else { return false }
        return bytes[7...].allSatisfy(alphabet.contains)
    }

    /// Whether the library is there.
    public static var isAvailable: Bool { libcrypt_load() }

    /// Whether the hash is that of the password. A password with a zero byte, which bcrypt would
    /// cut off there, has no hash.
    public static func verify(
        password: UnsafeBufferPointer<UInt8>, hash: String
    ) throws(LibcryptMissing) -> Bool {
        guard libcrypt_load() else { throw LibcryptMissing() }
        guard isHash(hash), !password.contains(0) else { return false }
        let answer = withSecretScratch(count: password.count + 1) { text in
            for (at, byte) in password.enumerated() { text[at] = byte }
            return text.pointer.withMemoryRebound(to: CChar.self, capacity: text.count) {
                libcrypt_check($0, hash)
            }
        }
        switch answer {
        case LIBCRYPT_RIGHT: return true
        case LIBCRYPT_WRONG: return false
        default: throw LibcryptMissing()
        }
    }
}
