import SDP

// DTLS: fingerprints (RFC 8122) and roles (RFC 5763, RFC 8842).

extension Rule {
    static let security = [
        Rule(
            "fingerprint-missing", .webrtc(.error, sip: .error), RFCSection(8122, "5"),
            "media keyed by DTLS has a fingerprint",
            hint:
                "add a=fingerprint:sha-256 of the certificate; without it nobody is authenticated",
            .media(withoutFingerprint)),
        Rule(
            "srtp-keys-missing", .webrtc(.error, sip: .error), RFCSection(4568, "5.1"),
            "media of an SRTP profile has keys, or says how to get them",
            hint: "add a=crypto (SDES), or a=fingerprint and a=setup (DTLS)",
            .media(withoutKeys)),
        Rule(
            "fingerprint-broken-hash", .all(.error), RFCSection(8122, "5"),
            "no fingerprint uses MD5 or MD2",
            hint: "use sha-256", .session { hashes(["md5", "md2"], $0) }),
        Rule(
            "fingerprint-weak-hash", .all(.warning), RFCSection(8122, "5.1"),
            "no fingerprint uses SHA-1",
            hint: "use sha-256", .session { hashes(["sha-1"], $0) }),
        Rule(
            "fingerprint-unknown-hash", .all(.warning), RFCSection(8122, "5"),
            "the hash function of a fingerprint is known",
            hint: "use sha-256", .session(unknownHashes)),
        Rule(
            "fingerprint-length", .all(.error), RFCSection(8122, "5"),
            "a fingerprint has the bytes of its hash, in hexadecimal with colons",
            hint: "copy the whole fingerprint; sha-256 has 32 pairs of digits",
            .session(fingerprintLengths)),
        Rule(
            "fingerprint-case", .all(.warning), RFCSection(8122, "5"),
            "the digits of a fingerprint are upper case",
            hint: "write A to F; some compare the text", .session(lowerCaseFingerprints)),
        Rule(
            "setup-missing", .webrtc(.warning, sip: .warning), RFCSection(5763, "5"),
            "media keyed by DTLS says its role",
            hint: "add a=setup:actpass to an offer, active or passive to an answer",
            .media(withoutSetup)),
        Rule(
            "setup-unknown", .all(.error), RFCSection(4145, "4"),
            "setup is actpass, active, passive or holdconn",
            hint: "write actpass in an offer, active or passive in an answer",
            .session(unknownSetups)),
        Rule(
            "setup-offer-role", .webrtc(.error, sip: .warning), RFCSection(8842, "5.2"),
            "an offer says setup:actpass",
            hint: "write actpass, and let the answer choose", .media(offeredRoles)),
        Rule(
            "setup-answer-actpass", .webrtc(.error, sip: .error), RFCSection(8842, "5.3"),
            "an answer says setup:active or setup:passive",
            hint: "answer active; both sides wait for each other otherwise",
            .media(answeredRoles)),
        Rule(
            "setup-conflict", .all(.error), RFCSection(9143, "11"),
            "bundled media has one DTLS role",
            hint: "write the same a=setup in all bundled media", .session(conflictingRoles)),
        Rule(
            "setup-holdconn", .webrtc(.error, sip: .error), RFCSection(8842, "5.1"),
            "setup is not holdconn",
            hint:
                "say hold by the direction; DTLS does not know holdconn, and nobody would connect",
            .media(heldConnections)),
        Rule(
            "tls-id", .all(.warning), RFCSection(8842, "4"),
            "tls-id is 20 to 255 letters, digits, +, /, - or _",
            hint: "write at least 120 random bits; the value tells one association from another",
            .media(oddAssociations)),
    ]
}

private typealias Found = (line: Line, value: Fingerprint, index: Int?)

private func fingerprints(_ context: DescriptionContext) -> [Found] {
    context.attributes.values(Fingerprint.self).map { ($0.line, $0.value, nil) }
        + context.media.flatMap { media in
            media.attributes.values(Fingerprint.self).map { ($0.line, $0.value, media.index) }
        }
}

private func withoutFingerprint(_ media: MediaContext) -> [Observation] {
    guard media.needsFingerprint, media.transportLines("fingerprint").isEmpty else { return [] }
    return [media.observed("\(media.name) has no fingerprint")]
}

private func withoutKeys(_ media: MediaContext) -> [Observation] {
    guard media.media?.transport.isSRTP ?? false, !media.needsFingerprint,
        Keying.all(of: media) == [.unprotected]
    else { return [] }
    return [media.observed("\(media.name) runs over \(media.protocolText) without keys")]
}

extension MediaContext {
    /// Keyed by DTLS for certain: by its protocol's name, or since SRTP that has no other keys says
    /// its role.
    fileprivate var needsFingerprint: Bool {
        guard let transport = media?.transport else { return false }
        return transport.isDTLS
            || transport.isSRTP && self.transport("setup") != nil
                && Keying.all(of: self) == [.unprotected]
    }
}

private func hashes(_ names: [String], _ context: DescriptionContext) -> [Observation] {
    let all = fingerprints(context)
    return all.filter { found in names.contains { found.value.algorithm.isSameIgnoringCase($0) } }
        .map {
            Observation("the fingerprint is \($0.value.algorithm)", at: $0.line, media: $0.index)
        }
}

private func unknownHashes(_ context: DescriptionContext) -> [Observation] {
    fingerprints(context).filter { $0.value.expectedByteCount == nil }.map {
        Observation("the hash is \(quoted($0.value.algorithm))", at: $0.line, media: $0.index)
    }
}

private func fingerprintLengths(_ context: DescriptionContext) -> [Observation] {
    fingerprints(context).compactMap { line, value, index in
        guard let bytes = value.bytes else {
            return Observation("the fingerprint is not hexadecimal", at: line, media: index)
        }
        guard let count = value.expectedByteCount, count != bytes.count else { return nil }
        return Observation(
            "\(value.algorithm) has \(bytes.count) bytes, not \(count)", at: line, media: index)
    }
}

private func lowerCaseFingerprints(_ context: DescriptionContext) -> [Observation] {
    fingerprints(context).filter { $0.value.value.utf8.contains { (0x61...0x66).contains($0) } }
        .map { Observation("the fingerprint has lower-case digits", at: $0.line, media: $0.index) }
}

private func withoutSetup(_ media: MediaContext) -> [Observation] {
    guard media.usesDTLS, media.transportLines("setup").isEmpty else { return [] }
    return [media.observed("\(media.name) has no setup")]
}

private func unknownSetups(_ context: DescriptionContext) -> [Observation] {
    context.everyText("setup") { text in
        Setup.known.contains(Setup(rawValue: text)) ? nil : "setup is \(quoted(text))"
    }
}

private func role(
    _ media: MediaContext, in kind: DescriptionKind, isWrong: (String) -> Bool
) -> [Observation] {
    guard media.session.kind == kind, let line = media.transportLines("setup").first,
        let text = line.attributeText, media.tagged == nil || media.attributes.has("setup"),
        isWrong(text)
    else { return [] }
    return [
        media.observed("setup is \(quoted(text)) in an \(kind.rawValue)", at: line, column: 9)
    ]
}

private func offeredRoles(_ media: MediaContext) -> [Observation] {
    guard media.usesDTLS else { return [] }
    return role(media, in: .offer) { $0 == "active" || $0 == "passive" }
}

private func answeredRoles(_ media: MediaContext) -> [Observation] {
    guard media.usesDTLS else { return [] }
    return role(media, in: .answer) { $0 == "actpass" }
}

private func conflictingRoles(_ context: DescriptionContext) -> [Observation] {
    context.activeBundles.flatMap { members -> [Observation] in
        guard let first = members.first, let common = first.transport("setup") else { return [] }
        return members.dropFirst().compactMap { media in
            guard let text = media.transport("setup"), text != common else { return nil }
            return media.observed(
                "setup is \(quoted(text)), and \(quoted(common)) in \(first.name)",
                at: media.attributes.lines("setup").first)
        }
    }
}

private func oddAssociations(_ media: MediaContext) -> [Observation] {
    media.attributes.texts("tls-id").compactMap { line, text in
        let isGood =
            (20...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isICECharacter || $0 == 0x2d || $0 == 0x5f }
        guard !isGood else { return nil }
        return media.observed(
            "tls-id is \(quoted(text)), of \(counted(text.utf8.count, "byte"))", at: line)
    }
}

private func heldConnections(_ media: MediaContext) -> [Observation] {
    guard media.usesDTLS, media.transport("setup") == "holdconn" else { return [] }
    return [
        media.observed("\(media.name) is on holdconn", at: media.transportLines("setup").first)
    ]
}
