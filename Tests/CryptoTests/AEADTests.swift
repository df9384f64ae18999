import Crypto
import Testing

@Suite struct AEADTests {
    @Test(arguments: [0, 1, 300, 70_000], [false, true])
    func opensWhatItSealed(count: Int, bulk: Bool) throws {
        for cipher in [AEADKey.Cipher.chaCha20Poly1305, .aes256GCM] {
            let key = randomBytes(32)
            let plaintext = randomBytes(count)
            let nonce = randomBytes(12)
            var sealed = [UInt8](repeating: 0, count: count + 16)
            var opened = [UInt8](repeating: 0, count: count)
            var copy = key
            let secret = SecretBytes(moving: &copy)
            let seal = AEADKey(cipher, key: secret, seals: true, bulk: bulk)
            let open = AEADKey(cipher, key: secret, seals: false, bulk: bulk)
            plaintext.withUnsafeBufferPointer { plaintext in
                sealed.withUnsafeMutableBufferPointer {
                    seal.seal(plaintext, nonce: nonce, header: [7], into: $0)
                }
            }
            try sealed.withUnsafeBufferPointer { sealed in
                try opened.withUnsafeMutableBufferPointer {
                    try open.open(sealed, nonce: nonce, header: [7], into: $0)
                }
            }
            #expect(opened == plaintext)
            let short = key.withUnsafeBufferPointer {
                AEADKey.seal(cipher, key: $0, plaintext, nonce: nonce, header: [7])
            }
            #expect(short == sealed)
            sealed[count] ^= 1
            #expect(throws: AuthenticationFailure.self) {
                try key.withUnsafeBufferPointer {
                    try AEADKey.open(cipher, key: $0, sealed, nonce: nonce, header: [7])
                }
            }
        }
    }
}
