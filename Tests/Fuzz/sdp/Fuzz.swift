internal import CFuzzer
internal import Glibc
internal import JSON
internal import SDP

/// What is read is written byte for byte, by itself and by way of the JSON form; every value that a
/// line has is one that its own writing gives back; JSON that is taken makes lines that read again.
private func check(_ bytes: [UInt8]) {
    if let description = try? SessionDescription(parsing: bytes) {
        guard description.encoded == bytes else { fatalError("other bytes") }
        checkForm(description, bytes)
        checkValues(description)
        for media in description.media {
            checkValues(media)
            _ = media.codecs
        }
    }
    if let json = try? JSON(parsing: bytes), let description = try? SessionDescription(json: json) {
        checkForm(description, description.encoded)
    }
    _ = try? SDPInput.read(bytes)
}

private func checkForm(_ description: SessionDescription, _ bytes: [UInt8]) {
    guard let json = try? JSON(parsing: description.encodedJSON()) else {
        fatalError("the JSON form is no JSON")
    }
    guard let again = try? SessionDescription(json: json) else {
        fatalError("the JSON form is refused")
    }
    guard again.encoded == bytes else { fatalError("the JSON form gives other bytes") }
}

private func checkValues(_ section: some Section) {
    for line in section.lines { for type in types { checkValue(line, type) } }
}

private func checkValue<Value: LineValue>(_ line: Line, _ type: Value.Type) {
    guard line.matches(Value.form), let value = try? line.value(as: type) else { return }
    var copy = line
    copy.set(value)
    guard copy == line else { fatalError("a value that was set to itself changed its line") }
    guard let again = try? Line(value).value(as: type), again == value else {
        fatalError("what was written says something else")
    }
}

private let types: [any LineValue.Type] = [
    Origin.self, EmailAddress.self, PhoneNumber.self, Connection.self, Bandwidth.self, Timing.self,
    RepeatTimes.self, TimeZones.self, EncryptionKey.self, MediaLine.self, RTPMap.self,
    FormatParameters.self, RTCPFeedback.self, RTCPPort.self, HeaderExtension.self,
    SourceAttribute.self, SourceGroup.self, StreamID.self, StreamSemantic.self, Group.self,
    RestrictionID.self, Simulcast.self, Candidate.self, RemoteCandidates.self, Fingerprint.self,
    CryptoAttribute.self, SCTPMap.self, ImageAttribute.self,
]

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
