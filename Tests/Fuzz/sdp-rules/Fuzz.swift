internal import CFuzzer
internal import Crypto
internal import Glibc
internal import JSON
internal import SDP
internal import SDPExplanation
internal import SDPRedaction
internal import SDPRules

/// Two descriptions, with a NUL between them, are judged by themselves and as offer and answer;
/// without a NUL one answers itself. What is found is of their lines, nothing differs from itself, and
/// redacting keeps the number of the lines.
private func check(_ bytes: [UInt8]) {
    let cut = bytes.firstIndex(of: 0) ?? bytes.endIndex
    guard let offer = try? SessionDescription(parsing: Array(bytes[..<cut])) else { return }
    let rest = Array(bytes[cut...].dropFirst())
    let answer = rest.isEmpty ? offer : (try? SessionDescription(parsing: rest)) ?? offer
    // All of them for each input would take too long.
    let profile = Profile.allCases[bytes.count % Profile.allCases.count]
    let kind = [DescriptionKind?.none, .offer, .answer][bytes.count / 3 % 3]
    checkLint(offer, kind, profile)
    checkNegotiation(offer, answer, profile)
    guard offer.differences(from: offer).isEmpty else { fatalError("it differs from itself") }
    for difference in answer.differences(from: offer) { checkJSON(difference.json) }
    checkExplanations(offer)
    checkRedaction(offer)
}

private func checkLint(
    _ description: SessionDescription, _ kind: DescriptionKind?, _ profile: Profile
) {
    let count = Array(description.allLines).count
    for finding in description.lint(as: kind, profile: profile) {
        if let position = finding.position, !(1...max(count, 1)).contains(position.line) {
            fatalError("\(finding.rule.identifier) found line \(position.line) of \(count)")
        }
        if let index = finding.mediaIndex, !description.media.indices.contains(index) {
            fatalError("\(finding.rule.identifier) found media \(index)")
        }
        checkJSON(finding.json)
    }
}

private func checkNegotiation(
    _ offer: SessionDescription, _ answer: SessionDescription, _ profile: Profile
) {
    let negotiation = Negotiation(offer: offer, answer: answer, profile: profile)
    guard negotiation.media.count == max(offer.media.count, answer.media.count) else {
        fatalError("an m= line was lost")
    }
    checkJSON(negotiation.json)
}

private func checkExplanations(_ description: SessionDescription) {
    let count = description.allLines.count { !$0.isBlank }
    guard description.explanations.count == count else { fatalError("a line is not explained") }
}

private let redactor = Redactor(
    key: SecretBytes(count: Redactor.keyByteCount) { bytes in
        for index in bytes.indices { bytes[index] = 7 }
    })

private func checkRedaction(_ description: SessionDescription) {
    let redacted = redactor.redacted(description)
    guard Array(redacted.allLines).count == Array(description.allLines).count else {
        fatalError("redacting changed the number of lines")
    }
    guard redactor.redacted(description) == redacted else { fatalError("redacted otherwise") }
}

private func checkJSON(_ json: JSON) {
    guard (try? JSON(parsing: json.text)) != nil else { fatalError("this is no JSON") }
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
