// How many 300-byte messages a second the primitives of an envelope allow on one core: a new
// X25519 key pair, the agreement with the recipient's, an Ed25519 signature, AES-256-GCM.
import Clock
import Crypto
import Platform

@main struct Primitives {
    static func main() { report() }
}

private func report() {
    let seed = SecretBytes.random(count: 32)
    let signer = seed.withBytes { Ed25519.keyPair(seed: $0).secretKey }
    let recipient = seed.withBytes { X25519.publicKey(of: $0) }
    let message = randomBytes(300)
    let count = 20_000
    let clock = MonotonicClock()
    let start = clock.now
    for _ in 0..<count { oneMessage(message, to: recipient, from: signer) }
    let seconds = (clock.now - start) / .seconds(1)
    print(Int(Double(count) / seconds))
}

private func oneMessage(_ message: [UInt8], to recipient: [UInt8], from signer: SharedSecret) {
    let ephemeral = randomBytes(32)
    ephemeral.withUnsafeBufferPointer { ephemeral in
        _ = X25519.publicKey(of: ephemeral)
        withSecretScratch(count: 32) { shared in
            try? X25519.agree(secretKey: ephemeral, publicKey: recipient, into: shared)
            _ = AEADKey.seal(
                .aes256GCM, key: UnsafeBufferPointer(shared), message,
                nonce: [UInt8](repeating: 0, count: 12))
        }
    }
    _ = Ed25519.sign(message, secretKey: signer.bytes)
}
