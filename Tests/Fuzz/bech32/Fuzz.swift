internal import Age
internal import CFuzzer
internal import Glibc

/// A text that is Bech32 is the one encoding of what it holds.
private func check(_ bytes: [UInt8]) {
    guard let decoded = try? Bech32.decode(bytes) else { return }
    let again = Bech32.encode(
        prefix: decoded.prefix, decoded.bytes, upperCase: decoded.isUpperCase)
    guard again == bytes else { fatalError("a second encoding") }
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
