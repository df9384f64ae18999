internal import Age
internal import CFuzzer
internal import Glibc

/// The header of a file that comes in pieces, and whether it ended in an error.
private func read(_ bytes: [UInt8], by step: Int) -> (Header?, AgeError?) {
    var parser = HeaderParser()
    for start in stride(from: 0, to: bytes.count, by: step) {
        do throws(AgeError) {
            _ = try parser.receive(bytes[start..<min(start + step, bytes.count)])
        } catch {
            return (nil, error)
        }
    }
    return (parser.header, nil)
}

/// A header has one encoding, and it must not matter how its bytes are cut.
private func check(_ bytes: [UInt8]) {
    let (header, error) = read(bytes, by: max(1, bytes.count))
    let pieces = read(bytes, by: 1)
    guard pieces.0 == header, (pieces.1 == nil) == (error == nil) else {
        fatalError("headers differ by how they are cut")
    }
    if let header {
        guard bytes.starts(with: header.encoded) else { fatalError("a second encoding") }
        _ = header.unsupportedTypes
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
