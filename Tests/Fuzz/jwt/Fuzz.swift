internal import CFuzzer
internal import Clock
internal import Crypto
internal import Glibc
internal import JWT
internal import Wire

private let secret = Array("a secret of this program alone, long enough".utf8)
private let now = Timestamp(seconds: 1_000_000_000)

private let key: SigningKey = {
    var bytes = secret
    guard let key = try? SigningKey(SharedSecret(SecretBytes(moving: &bytes))) else {
        fatalError("the secret is refused")
    }
    return key
}()

/// A token with this payload whose signature is right.
private func sign(_ payload: [UInt8]) -> [UInt8] {
    let input =
        Base64.url.encode(#"{"alg":"HS256"}"#.utf8) + "." + Base64.url.encode(payload)
    var bytes = secret
    let signature = HMACSHA256.authenticate(
        Array(input.utf8), key: SecretBytes(moving: &bytes))
    return Array((input + "." + Base64.url.encode(signature)).utf8)
}

/// The bytes as a token, and as the payload of one: what is accepted is said to have no problem,
/// and its claims make a token that is accepted with the same claims.
private func check(_ bytes: [UInt8]) {
    for token in [bytes, sign(bytes)] {
        let problems = key.explain(token[...], at: now).problems
        guard let claims = try? key.verify(token[...], at: now) else {
            guard !problems.isEmpty else { fatalError("a refusal without a reason") }
            continue
        }
        guard problems.isEmpty else { fatalError("a problem that does not matter") }
        guard let again = try? key.verify(Array(key.makeToken(claims).utf8)[...], at: now),
            again.userID == claims.userID, again.email == claims.email,
            again.session == claims.session
        else { fatalError("a token of the same claims is refused") }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    check(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

@main struct Fuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, fuzzOne))
    }
}
