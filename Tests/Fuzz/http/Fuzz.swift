internal import CFuzzer
internal import Glibc
internal import HTTP

/// All requests of a connection, and whether it ended in an error.
private func read(_ bytes: [UInt8], by step: Int) -> ([Request], HTTPError?) {
    var parser = RequestParser(limits: Limits(bodyByteCount: 4096))
    var requests: [Request] = []
    for start in stride(from: 0, to: bytes.count, by: step) {
        var piece = bytes[start..<min(start + step, bytes.count)]
        do throws(HTTPError) {
            while let event = try parser.next(&piece) {
                if case .request(let request) = event { requests.append(request) }
            }
        } catch {
            return (requests, error)
        }
    }
    return (requests, nil)
}

/// It must not matter how the bytes of a connection are cut, for requests as for responses.
private func check(_ bytes: [UInt8]) {
    let whole = read(bytes, by: max(1, bytes.count))
    guard read(bytes, by: 1) == whole else { fatalError("requests differ by how they are cut") }
    var parser = ResponseParser(limits: Limits(bodyByteCount: 4096))
    var input = bytes[...]
    while let response = try? parser.next(&input) { _ = response.status.reason }
    _ = try? parser.finish()
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
