internal import Age
internal import CLI
internal import Clock
internal import Crypto
internal import Envelopes
internal import FileSealing
internal import Identities
internal import JSON
internal import Keyring
internal import Platform
internal import Wire

extension Encrypt {
    static func inspectInput(_ arguments: Arguments, _ console: Console) throws {
        let input = try input(arguments)
        let (format, start) = try SealedFormat.find(in: input)
        switch format {
        case .envelope:
            try inspectEnvelopes(
                LineSource(input, startingWith: start, limit: Envelope.maximumTextByteCount),
                console)
        case .age:
            let file = try SealedFile(input, startingWith: start)
            try console.show(file.inspect().json)
        case .cryptojs:
            try console.show([
                "type": "inspection", "format": "cryptojs", "armored": .bool(start.first == 0x55),
            ])
        }
    }

    private static func inspectEnvelopes(_ source: LineSource, _ console: Console) throws {
        while let batch = try source.nextBatch() {
            for line in batch where !line.text.isEmpty || line.fault != nil {
                if let fault = line.fault {
                    console.report(fault, line: line.number)
                    continue
                }
                do throws(EnvelopeError) {
                    let envelope = try Envelope(parsing: line.text)
                    try? console.show(envelope.inspection)
                } catch { console.report(error, line: line.number) }
            }
            try console.flush()
        }
    }
}

extension Console {
    /// One JSON object a line, or for a person a line for each member.
    fileprivate func show(_ inspection: JSON) throws(FileError) {
        guard !prefersJSON, let members = inspection.members else {
            return try print(inspection.text)
        }
        for member in members where member.name != "type" {
            try print(
                "\(member.name): \(escapedForTerminal(member.value.string ?? member.value.text))")
        }
    }
}

extension Envelope {
    /// What it says of itself, nothing of which is verified.
    fileprivate var inspection: JSON {
        var members: [JSON.Member] = [
            JSON.Member("type", "inspection"), JSON.Member("format", "envelope"),
            JSON.Member("id", .string(Hex.encode(id))),
        ]
        if let sender { members.append(JSON.Member("from", .string(sender.description))) }
        members += [
            JSON.Member("to", .array(recipients.map { .string($0.description) })),
            JSON.Member("signed", .bool(seal != nil)), JSON.Member("seq", .integer(sequence)),
            JSON.Member("ts", .string(timestamp.description)),
        ]
        switch mode {
        case .box: members.append(JSON.Member("mode", "box"))
        case .passphrase(_, let derivation):
            members += [
                JSON.Member("mode", "passphrase"),
                JSON.Member("passes", .integer(derivation.passes)),
                JSON.Member("memoryKiB", .integer(derivation.memoryKiB)),
            ]
        }
        members.append(JSON.Member("byteCount", .integer(ciphertext.count)))
        return .object(members)
    }
}

extension Inspection {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("type", "inspection"), JSON.Member("format", "age"),
            JSON.Member("armored", .bool(form == .armored)),
            JSON.Member("recipients", .array(stanzas.map { .string($0.type) })),
        ]
        if let workFactor { members.append(JSON.Member("workFactor", .integer(workFactor))) }
        members += [
            JSON.Member("headerByteCount", .integer(headerByteCount)),
            JSON.Member("sealedByteCount", .integer(sealedByteCount)),
            JSON.Member("whole", .bool(layout != nil)),
        ]
        return .object(members)
    }
}
