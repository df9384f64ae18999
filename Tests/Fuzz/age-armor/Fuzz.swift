internal import Age
internal import CFuzzer
internal import Glibc

/// What a text stands for, or nil where it is not armored.
private func read(_ text: [UInt8], by step: Int) -> [UInt8]? {
    var reader = ArmorReader()
    var bytes: [UInt8] = []
    do throws(AgeError) {
        for start in stride(from: 0, to: text.count, by: step) {
            try reader.receive(text[start..<min(start + step, text.count)], into: &bytes)
        }
        try reader.finish()
        return bytes
    } catch {
        return nil
    }
}

/// It must not matter how the text is cut, and what is written anew must stand for the same bytes.
private func check(_ text: [UInt8]) {
    let bytes = read(text, by: max(1, text.count))
    guard read(text, by: 1) == bytes, read(text, by: 65) == bytes else {
        fatalError("bytes differ by how the text is cut")
    }
    guard let bytes else { return }
    var writer = ArmorWriter()
    var again: [UInt8] = []
    writer.receive(bytes[...], into: &again)
    writer.finish(into: &again)
    guard read(again, by: again.count) == bytes else {
        fatalError("what was written is something else")
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
