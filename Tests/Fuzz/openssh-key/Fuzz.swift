internal import Age
internal import CFuzzer
internal import Glibc
internal import Wire

private let begin = Array("-----BEGIN OPENSSH PRIVATE KEY-----\n".utf8)
private let end = Array("\n-----END OPENSSH PRIVATE KEY-----\n".utf8)

/// The corpus holds keys that were made for it and are used nowhere else.
///
/// The bytes as a whole file of identities, in the armor of OpenSSH, and as a file of recipients.
private func check(_ bytes: [UInt8]) {
    _ = try? Identity.parseFile(bytes)
    _ = try? Identity.parseFile(begin + bytes + end)
    _ = try? Identity.parseFile(begin + Array(Base64.standard.encode(bytes).utf8) + end)
    _ = try? Recipient.parseFile(bytes)
    _ = try? Recipient.parseFile(Array("ssh-ed25519 \(Base64.standard.encode(bytes)) x".utf8))
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
