internal import CFuzzer
internal import Glibc
internal import WebSocket

/// All events of a connection, and what is written on it.
private func read(_ bytes: [UInt8], by step: Int) -> ([Endpoint.Event], [UInt8]) {
    var endpoint = Endpoint(serverWithMessageLimit: 4096)
    var (events, scratch, written) = ([Endpoint.Event](), [UInt8](), [UInt8]())
    for start in stride(from: 0, to: bytes.count, by: step) {
        var piece = bytes[start..<min(start + step, bytes.count)]
        while let event = endpoint.next(&piece, scratch: &scratch, output: &written) {
            events.append(event)
        }
    }
    return (events, written)
}

/// It must not matter how the bytes of a connection are cut, and every text must be UTF-8.
private func check(_ bytes: [UInt8]) {
    let whole = read(bytes, by: max(1, bytes.count))
    guard read(bytes, by: 1) == whole else { fatalError("events differ by how they are cut") }
    for case .text(let text) in whole.0 where String(validating: text, as: UTF8.self) == nil {
        fatalError("a text that is not UTF-8")
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
