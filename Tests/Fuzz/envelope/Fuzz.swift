internal import CFuzzer
internal import Envelopes
internal import Glibc

/// An envelope that parses is written as a line that parses to the same.
private func check(_ bytes: [UInt8]) {
    guard let envelope = try? Envelope(parsing: bytes) else { return }
    guard let again = try? Envelope(parsing: envelope.text) else {
        fatalError("what was written does not parse")
    }
    guard again == envelope else { fatalError("what was written is another envelope") }
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
