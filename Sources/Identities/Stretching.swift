public import Crypto

/// How passphrases are stretched (Argon2id, RFC 9106), here and in envelopes.
public enum Stretching {
    /// About half a second on two-core machines of 2026.
    public static let standard = Argon2id(passes: 3, memoryKiB: 256 << 10)

    /// What a reader is ready to spend on what somebody else wrote.
    public static let passes = 1...16
    /// In KiB: at least what the algorithm needs, at most 1 GiB.
    public static let memoryKiB = 8...(1 << 20)

    public static func isAcceptable(_ derivation: Argon2id) -> Bool {
        passes.contains(derivation.passes) && memoryKiB.contains(derivation.memoryKiB)
    }
}
