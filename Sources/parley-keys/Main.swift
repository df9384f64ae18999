import CLI
import decrypt
import encrypt
import keygen
import sdp_inspect

@main struct Main {
    /// Nothing but the call: a closure here would link Swift's concurrency runtime.
    static func main() {
        MultiCall(
            "parley-keys",
            [
                "decrypt": Decrypt.self, "encrypt": Encrypt.self, "keygen": Keygen.self,
                "sdp-inspect": SDPInspect.self,
            ]
        ).main()
    }
}
