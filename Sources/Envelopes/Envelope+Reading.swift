internal import Clock
internal import Crypto
internal import Identities
internal import JSON
internal import Wire

extension Envelope {
    /// Reads a line strictly: each value in its one form, no member twice, and none that is not
    /// known, but for those that begin with `x-`, which mean nothing and are passed over.
    ///
    /// What was read says nothing yet: `Opener` finds out whether it is genuine.
    public init(parsing line: [UInt8]) throws(EnvelopeError) {
        guard line.count <= Self.maximumTextByteCount else { throw .tooLong }
        try self.init(EnvelopeMembers(line))
    }

    private init(_ members: EnvelopeMembers) throws(EnvelopeError) {
        guard try members.string(.type) == "message" else { throw .badMember("type") }
        guard try members.integer(.v) == 1 else { throw .unsupportedVersion }
        let seal = try Seal(members)
        let (mode, modeMembers) = try Self.mode(members)
        let signatureMembers: Set<EnvelopeMembers.Name> =
            seal == nil ? [] : [.from, .signature, .signKey, .agreeKey]
        try members.refuseOthers(
            than: EnvelopeMembers.always.union(modeMembers).union(signatureMembers))
        let milliseconds = try members.timestamp(.ts)
        self.init(
            id: try members.hex(.id, count: Self.idByteCount), timestamp: milliseconds,
            sequence: try members.integer(.seq), mode: mode, seal: seal,
            initializationVector: try members.bytes(
                .iv, count: Self.initializationVectorByteCount),
            commitment: try members.bytes(.commitment, count: Self.commitmentByteCount),
            ciphertext: try members.bytes(.ciphertext),
            tag: try members.bytes(.tag, count: AEADKey.tagByteCount))
        guard (seal == nil) == (sequence == 0) else { throw .badMember("seq") }
    }

    private static func mode(
        _ members: EnvelopeMembers
    ) throws(EnvelopeError) -> (Mode, Set<EnvelopeMembers.Name>) {
        let recipients = try members.fingerprints(.to)
        switch try members.string(.mode) {
        case "box":
            guard !recipients.isEmpty else { throw .badMember("to") }
            let sealedKeys = try members.bytes(.enc, count: recipients.count * sealedKeyByteCount)
            return (.box(recipients: recipients, sealedKeys: sealedKeys), [.enc])
        case "passphrase":
            guard recipients.isEmpty else { throw .badMember("to") }
            let salt = try members.bytes(.salt, count: Argon2id.saltByteCount)
            let derivation = Argon2id(
                passes: Int(try members.integer(.passes)),
                memoryKiB: Int(try members.integer(.memoryKiB)))
            return (.passphrase(salt: salt, derivation), [.salt, .passes, .memoryKiB])
        case let other: throw .unsupportedMode(other)
        }
    }
}

extension Envelope.Seal {
    /// Nil where none of the members of a signature is there; all must be or none.
    fileprivate init?(_ members: EnvelopeMembers) throws(EnvelopeError) {
        guard members.has(.from) || members.has(.signature) else { return nil }
        sender = Envelope.Sender(
            signKey: try members.bytes(.signKey, count: Ed25519.publicKeyByteCount),
            agreeKey: try members.bytes(.agreeKey, count: X25519.byteCount))
        // A fingerprint that is not that of the keys was put there to deceive.
        guard try members.fingerprint(.from) == sender.fingerprint else { throw .badSignature }
        signature = try members.bytes(.signature, count: Ed25519.signatureByteCount)
    }
}

/// The members of an envelope's object, each where it stands in the line.
private struct EnvelopeMembers {
    enum Name: String, CaseIterable {
        case type, v, id, from, to, enc, iv, ciphertext, tag, seq, signature, ts
        case mode, signKey, agreeKey, commitment, salt, passes, memoryKiB
    }

    static let always: Set<Name> = [
        .type, .v, .id, .to, .iv, .ciphertext, .tag, .seq, .ts, .mode, .commitment,
    ]

    private let line: [UInt8]
    private var places: [Name: Range<Int>] = [:]

    init(_ line: [UInt8]) throws(EnvelopeError) {
        self.line = line
        guard JSONScanner.isUTF8(line[...]) else { throw .notAnEnvelope("it is not UTF-8") }
        var scanner = JSONScanner(line)
        var members: [(name: Range<Int>, value: Range<Int>)] = []
        do throws(JSONError) {
            try scanner.members { name, value throws(JSONError) in members.append((name, value)) }
            try scanner.expectEnd()
        } catch { throw .notAnEnvelope(error.message) }
        var extensions: Set<String> = []
        for (nameRange, value) in members {
            let text = String(decoding: line[nameRange], as: UTF8.self)
            if let name = Name(rawValue: text) {
                guard places.updateValue(value, forKey: name) == nil else {
                    throw .repeatedMember(text)
                }
            } else {
                // A name with escapes has several spellings, so none of them is known.
                guard text.utf8.starts(with: "x-".utf8), !text.utf8.contains(0x5c) else {
                    throw .unknownMember(String(text.prefix(64)))
                }
                guard extensions.insert(text).inserted else { throw .repeatedMember(text) }
            }
        }
        guard has(.type) else { throw .notAnEnvelope(#"it has no "type""#) }
    }

    func has(_ name: Name) -> Bool { places[name] != nil }

    func refuseOthers(than expected: Set<Name>) throws(EnvelopeError) {
        for name in Name.allCases where has(name) && !expected.contains(name) {
            throw .unknownMember(name.rawValue)
        }
    }

    private func place(_ name: Name) throws(EnvelopeError) -> Range<Int> {
        guard let place = places[name] else { throw .missingMember(name.rawValue) }
        return place
    }

    /// The text of a string. Writers of JSON may escape a `/`, as Base64 has it.
    private func text(_ name: Name) throws(EnvelopeError) -> ArraySlice<UInt8> {
        let place = try place(name)
        guard line[place].first == 0x22 else { throw .badMember(name.rawValue) }
        let raw = line[place].dropFirst().dropLast()
        guard raw.contains(0x5c) else { return raw }
        var scanner = JSONScanner(line[place])
        guard let text = try? scanner.string() else { throw .badMember(name.rawValue) }
        return Array(text.utf8)[...]
    }

    func string(_ name: Name) throws(EnvelopeError) -> String {
        String(decoding: try text(name), as: UTF8.self)
    }

    func bytes(_ name: Name, count: Int? = nil) throws(EnvelopeError) -> [UInt8] {
        guard let bytes = Base64.standard.decode(try text(name)),
            count.map({ $0 == bytes.count }) ?? true
        else { throw .badMember(name.rawValue) }
        return bytes
    }

    func hex(_ name: Name, count: Int) throws(EnvelopeError) -> [UInt8] {
        let text = try text(name)
        guard text.count == 2 * count, !text.contains(where: { (0x41...0x46).contains($0) }),
            let bytes = Hex.decode(String(decoding: text, as: UTF8.self))
        else { throw .badMember(name.rawValue) }
        return bytes
    }

    func fingerprint(_ name: Name) throws(EnvelopeError) -> Fingerprint {
        guard let fingerprint = Fingerprint(try string(name)) else {
            throw .badMember(name.rawValue)
        }
        return fingerprint
    }

    /// A list without repetitions.
    func fingerprints(_ name: Name) throws(EnvelopeError) -> [Fingerprint] {
        var scanner = JSONScanner(line[try place(name)])
        guard let list = try? scanner.value().array, list.count <= Envelope.maximumRecipientCount
        else { throw .badMember(name.rawValue) }
        var seen: Set<Fingerprint> = []
        var fingerprints: [Fingerprint] = []
        for value in list {
            guard let text = value.string, let fingerprint = Fingerprint(text),
                seen.insert(fingerprint).inserted
            else { throw .badMember(name.rawValue) }
            fingerprints.append(fingerprint)
        }
        return fingerprints
    }

    /// The largest integer that every reader of JSON holds exactly (RFC 8259 section 6).
    private static let maximumInteger: UInt64 = 1 << 53 - 1

    func integer(_ name: Name) throws(EnvelopeError) -> UInt64 {
        let digits = String(decoding: line[try place(name)], as: UTF8.self)
        guard let number = UInt64(digits), number <= Self.maximumInteger, String(number) == digits
        else { throw .badMember(name.rawValue) }
        return number
    }

    /// In UTC with milliseconds, from 1970 on.
    func timestamp(_ name: Name) throws(EnvelopeError) -> Timestamp {
        let text = try string(name)
        guard let time = Timestamp(text), time.milliseconds >= 0, time.description == text else {
            throw .badMember(name.rawValue)
        }
        return time
    }
}
