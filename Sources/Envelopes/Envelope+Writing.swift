internal import Clock
internal import Crypto
internal import Identities
internal import Wire

extension Envelope {
    /// The line of JSON, without a newline.
    ///
    /// It is written without a tree between, since a stream of messages is sealed at the speed of
    /// its signatures and this must not show.
    public var text: [UInt8] {
        var line = LineWriter(reserving: (ciphertext.count + recipients.count * 110) * 3 / 2 + 1024)
        line.append(#"{"type":"message","v":1,"id":""#)
        line.appendHex(id)
        if let sender {
            line.append(#"","from":""#)
            line.appendHex(sender.bytes)
        }
        line.append(#"","to":["#)
        for (index, recipient) in recipients.enumerated() {
            line.append(index == 0 ? #"""# : #","#)
            if index > 0 { line.append(#"""#) }
            line.appendHex(recipient.bytes)
            line.append(#"""#)
        }
        line.append("]")
        appendKeying(to: &line)
        line.append(#","iv":""#, initializationVector)
        line.append(#"","ciphertext":""#, ciphertext)
        line.append(#"","tag":""#, tag)
        line.append(#"","seq":"#)
        line.append(sequence)
        if let seal { line.append(#","signature":""#, seal.signature, #"""#) }
        line.append(#","ts":""#)
        line.append(timestamp)
        line.append(#"","mode":""#)
        line.append(mode.name)
        if let sender = seal?.sender {
            line.append(#"","signKey":""#, sender.signKey)
            line.append(#"","agreeKey":""#, sender.agreeKey)
        }
        line.append(#"","commitment":""#, commitment, #""}"#)
        return line.bytes
    }

    private func appendKeying(to line: inout LineWriter) {
        switch mode {
        case .box(_, let sealedKeys): line.append(#","enc":""#, sealedKeys, #"""#)
        case .passphrase(let salt, let derivation):
            line.append(#","salt":""#, salt, #"","passes":"#)
            line.append(UInt64(derivation.passes))
            line.append(#","memoryKiB":"#)
            line.append(UInt64(derivation.memoryKiB))
        }
    }
}

/// Appends what needs no escaping.
private struct LineWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving count: Int) { bytes.reserveCapacity(count) }

    mutating func append(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func append(_ number: UInt64) { bytes.append(contentsOf: String(number).utf8) }
    mutating func append(_ time: Timestamp) { append(time.description) }

    /// Bytes in Base64, after and before what stands around them.
    mutating func append(_ before: StaticString, _ value: [UInt8], _ after: StaticString = "") {
        append(before)
        Base64.standard.encode(value, to: &bytes)
        append(after)
    }

    mutating func appendHex(_ value: [UInt8]) {
        for byte in value {
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x57 &+ value
    }
}
