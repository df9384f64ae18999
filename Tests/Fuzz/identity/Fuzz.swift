internal import CFuzzer
internal import Glibc
internal import Identities
internal import JSON

/// The corpus holds keys that were made for it and are used nowhere else.
///
/// A public identity, or a key file: what parses is written as what parses to the same.
private func check(_ bytes: [UInt8]) {
    if let identity = try? PublicIdentity(parsing: bytes) {
        guard (try? PublicIdentity(parsing: identity.json.encoded)) == identity else {
            fatalError("what was written is another identity")
        }
    }
    for entry in (try? KeyFileText.parse(bytes)) ?? [] {
        switch entry {
        case .identity(let identity):
            let again = try? KeyFileText.parse(identity.keyFileText)
            guard case .identity(let same)? = again?.first,
                same.publicIdentity == identity.publicIdentity, same.created == identity.created
            else { fatalError("what was written is another key") }
        case .protected(let identity):
            guard let open = identity.publicIdentity else { continue }
            let text = identity.keyFileText(of: open)
            guard case .protected(let same)? = (try? KeyFileText.parse(text))?.first,
                same.publicIdentity == open
            else { fatalError("what was written is another protected key") }
        }
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
