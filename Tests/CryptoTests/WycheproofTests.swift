import Crypto
import Foundation
import Support
import Testing

/// Wycheproof through our own wrappers, since the mistakes are made there.
@Suite struct WycheproofTests {
    @Test(arguments: [
        ("aes_gcm_test", 316, AEADKey.Cipher.aes256GCM, 66),
        ("chacha20_poly1305_test", 325, .chaCha20Poly1305, 316),
    ])
    func aead(name: String, count: Int, cipher: AEADKey.Cipher, ours: Int) throws {
        let groups = try Wycheproof.groups(name, count: count)
        guard !groups.isEmpty else { return }
        // The wrapper takes no other sizes of keys and nonces.
        let cases = groups.filter { $0.keySize == 256 && $0.ivSize == 96 }.flatMap(\.tests)
        #expect(cases.count == ours)
        for one in cases {
            let sealed = one.ciphertext + one.tagBytes
            for way in AEADWay.allCases {
                let opened = way.open(cipher, one, sealed)
                #expect(opened == (one.result == .valid ? one.message : nil), "\(way) \(one.tcId)")
                guard one.result == .valid else { continue }
                #expect(way.seal(cipher, one) == sealed, "\(way) \(one.tcId)")
            }
        }
    }

    @Test func x25519() throws {
        for one in try Wycheproof.groups("x25519_test", count: 518).flatMap(\.tests) {
            var shared: [UInt8]? = [UInt8](repeating: 0, count: 32)
            do throws(LowOrderPoint) {
                try one.privateBytes.withUnsafeBufferPointer { secret throws(LowOrderPoint) in
                    try shared?.withUnsafeMutableBufferPointer { shared throws(LowOrderPoint) in
                        try X25519.agree(
                            secretKey: secret, publicKey: one.publicBytes, into: shared)
                    }
                }
            } catch { shared = nil }
            let isZero = one.sharedBytes.allSatisfy { $0 == 0 }
            #expect(shared == (isZero ? nil : one.sharedBytes), "\(one.tcId) \(one.comment)")
        }
    }

    @Test func ed25519() throws {
        for group in try Wycheproof.groups("ed25519_test", count: 151) {
            let key = try #require(group.publicKey.flatMap { Hexadecimal($0.pk) }).bytes
            for one in group.tests {
                let verifies = Ed25519.verify(one.signature, of: one.message, publicKey: key)
                #expect(verifies == (one.result == .valid), "\(one.tcId) \(one.comment)")
            }
        }
    }

    @Test func hkdf() throws {
        let cases = try Wycheproof.groups("hkdf_sha256_test", count: 86).flatMap(\.tests)
        // The others ask for more than 255 blocks, which is a precondition.
        #expect(cases.isEmpty || cases.count { $0.result == .valid } == 83)
        for one in cases where one.result == .valid {
            let output = one.inputKey.withUnsafeBufferPointer { inputKey in
                var okm: [UInt8] = []
                HKDF.derive(
                    inputKey: inputKey, salt: one.saltBytes, info: one.infoBytes,
                    count: one.size ?? 0
                ).withBytes { okm = Array($0) }
                return okm
            }
            #expect(output == one.output, "\(one.tcId) \(one.comment)")
        }
    }

    @Test func hmac() throws {
        for group in try Wycheproof.groups("hmac_sha256_test", count: 174) {
            for one in group.tests {
                let tag = one.keyBytes.withUnsafeBufferPointer {
                    HMACSHA256.authenticate(one.message, key: $0)
                }
                let matches = constantTimeEqual(
                    tag.prefix((group.tagSize ?? 0) / 8), one.tagBytes)
                #expect(matches == (one.result == .valid), "\(one.tcId) \(one.comment)")
            }
        }
    }

    @Test func cbc() throws {
        let groups = try Wycheproof.groups("aes_cbc_pkcs5_test", count: 216)
        let cases = groups.filter { $0.keySize == 256 }.flatMap(\.tests)
        #expect(groups.isEmpty || cases.count == 72)
        for one in cases {
            let (opened, sealed) = try one.keyBytes.withUnsafeBufferPointer { key in
                try one.nonce.withUnsafeBufferPointer { iv in
                    (
                        try LegacyCBC.open(one.ciphertext, key: key, iv: iv),
                        try LegacyCBC.seal(one.message, key: key, iv: iv)
                    )
                }
            }
            #expect(opened == (one.result == .valid ? one.message : nil), "\(one.tcId)")
            #expect((sealed == one.ciphertext) == (one.result == .valid), "\(one.tcId)")
        }
    }
}

/// The three ways through `AEADKey`: libsodium for one message, libsodium and OpenSSL with a key
/// that is kept.
private enum AEADWay: CaseIterable {
    case once, kept, bulk

    func open(_ cipher: AEADKey.Cipher, _ one: Wycheproof.Case, _ sealed: [UInt8]) -> [UInt8]? {
        one.keyBytes.withUnsafeBufferPointer { key in
            do throws(AuthenticationFailure) {
                if self == .once {
                    return try AEADKey.open(
                        cipher, key: key, sealed, nonce: one.nonce, header: one.header)
                }
                let kept = AEADKey(cipher, key: key, seals: false, bulk: self == .bulk)
                var plaintext = [UInt8](repeating: 0xAA, count: sealed.count - 16)
                try sealed.withUnsafeBufferPointer { sealed throws(AuthenticationFailure) in
                    try plaintext.withUnsafeMutableBufferPointer {
                        plaintext throws(AuthenticationFailure) in
                        try kept.open(
                            sealed, nonce: one.nonce, header: one.header, into: plaintext)
                    }
                }
                return plaintext
            } catch { return nil }
        }
    }

    func seal(_ cipher: AEADKey.Cipher, _ one: Wycheproof.Case) -> [UInt8] {
        one.keyBytes.withUnsafeBufferPointer { key in
            if self == .once {
                return AEADKey.seal(
                    cipher, key: key, one.message, nonce: one.nonce, header: one.header)
            }
            let kept = AEADKey(cipher, key: key, seals: true, bulk: self == .bulk)
            var sealed = [UInt8](repeating: 0, count: one.message.count + 16)
            one.message.withUnsafeBufferPointer { message in
                sealed.withUnsafeMutableBufferPointer {
                    kept.seal(message, nonce: one.nonce, header: one.header, into: $0)
                }
            }
            return sealed
        }
    }
}
