internal import CFuzzer
internal import Glibc
internal import JSON

/// What parses must be written as text that parses to the same value, and the scanner and the
/// parser must be of one mind.
private func check(_ bytes: [UInt8]) {
    guard let value = try? JSON(parsing: bytes) else { return }
    guard let again = try? JSON(parsing: value.encoded) else {
        fatalError("what was written does not parse")
    }
    guard again == value else { fatalError("what was written is another value") }
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
