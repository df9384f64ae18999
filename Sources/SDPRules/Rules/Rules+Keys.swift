import SDP

// SRTP keys in the description: SDES (RFC 4568) and k= lines.

extension Rule {
    static let keys = [
        Rule(
            "sdes-beside-dtls", .webrtc(.warning, sip: .info), RFCSection(8827, "6.5"),
            "media is keyed by DTLS or by a=crypto, not by both",
            hint: "take the a=crypto lines out: they show the key to every server on the way",
            .media(bothKeyings)),
        Rule(
            "sdes-only", .webrtc(.error), RFCSection(8827, "6.5"),
            "media is not keyed by a=crypto",
            hint: "offer DTLS-SRTP: browsers took SDES out years ago", .media(keyedBySDES)),
        Rule(
            "sdes-in-clear-profile", .webrtc(.warning, sip: .info, rtsp: .warning),
            RFCSection(4568, "6"),
            "a=crypto stands in a profile of SRTP",
            hint: "write RTP/SAVP, unless clear media will do where there is no SRTP (RFC 8643)",
            .media(clearProfile)),
        Rule(
            "sdes-suite", .all(.warning), RFCSection(4568, "6.2"),
            "the crypto suite is known",
            hint: "use AES_CM_128_HMAC_SHA1_80 or AEAD_AES_128_GCM", .media(unknownSuites)),
        Rule(
            "sdes-key-length", .all(.error), RFCSection(4568, "6.1"),
            "key and salt have the length of the crypto suite",
            hint: "write key and salt together in Base64: 30 bytes for AES_CM_128",
            .media(keyLengths)),
        Rule(
            "sdes-tag-duplicate", .all(.error), RFCSection(4568, "4.1"),
            "each a=crypto of a media has a tag of its own",
            hint: "number them from 1 on", .media(repeatedTags)),
        Rule(
            "sdes-unencrypted", .all(.warning), RFCSection(4568, "6.3"),
            "no session parameter switches protection off",
            hint: "take UNENCRYPTED_SRTP, UNENCRYPTED_SRTCP and UNAUTHENTICATED_SRTP out",
            .media(unprotectedParameters)),
        Rule(
            "key-line", .all(.warning), RFCSection(8866, "5.12"),
            "there is no k= line",
            hint: "take it out; it is obsolete, and shows the key", .session(keyLines)),
    ]
}

/// Bytes of key and salt together of each suite (RFC 4568 section 6.2, RFC 6188, RFC 7714).
private let suites: [String: Int] = [
    "AES_CM_128_HMAC_SHA1_80": 30, "AES_CM_128_HMAC_SHA1_32": 30, "F8_128_HMAC_SHA1_80": 30,
    "AES_192_CM_HMAC_SHA1_80": 38, "AES_192_CM_HMAC_SHA1_32": 38, "AES_256_CM_HMAC_SHA1_80": 46,
    "AES_256_CM_HMAC_SHA1_32": 46, "AES_CM_192_HMAC_SHA1_80": 38, "AES_CM_256_HMAC_SHA1_80": 46,
    "AES_CM_256_HMAC_SHA1_32": 46, "AEAD_AES_128_GCM": 28, "AEAD_AES_256_GCM": 44,
    "SEED_CTR_128_HMAC_SHA1_80": 30, "ARIA_128_CTR_HMAC_SHA1_80": 30,
]

private func bothKeyings(_ media: MediaContext) -> [Observation] {
    guard let line = media.attributes.lines("crypto").first, media.transport("fingerprint") != nil
    else { return [] }
    return [media.observed("\(media.name) has crypto and a fingerprint", at: line)]
}

private func keyedBySDES(_ media: MediaContext) -> [Observation] {
    guard let line = media.attributes.lines("crypto").first, media.transport("fingerprint") == nil
    else { return [] }
    return [media.observed("\(media.name) has crypto and no fingerprint", at: line)]
}

private func clearProfile(_ media: MediaContext) -> [Observation] {
    guard let line = media.attributes.lines("crypto").first, let transport = media.media?.transport,
        transport.isRTP, !transport.isSRTP
    else { return [] }
    return [
        media.observed("\(media.name) has crypto and runs over \(media.protocolText)", at: line)
    ]
}

private func unknownSuites(_ media: MediaContext) -> [Observation] {
    media.attributes.values(CryptoAttribute.self).filter { suites[$0.value.suite] == nil }
        .map { media.observed("the suite is \(quoted($0.value.suite))", at: $0.line) }
}

private func keyLengths(_ media: MediaContext) -> [Observation] {
    media.attributes.values(CryptoAttribute.self).flatMap { line, crypto -> [Observation] in
        guard let expected = suites[crypto.suite] else { return [] }
        return crypto.keys.compactMap { key in
            let count = byteCount(ofBase64: key.keyAndSalt)
            guard key.method == "inline", count != expected else { return nil }
            let found = count.map { "\($0) bytes" } ?? "no Base64"
            return media.observed("key and salt are \(found), not \(expected) bytes", at: line)
        }
    }
}

/// Counted, not decoded: a key goes nowhere. Nil for what is no Base64.
private func byteCount(ofBase64 text: String) -> Int? {
    let digits = text.utf8.prefix { $0 != 0x3d }
    let padding = text.utf8.count - digits.count
    // The digits of Base64 are the characters of ICE.
    guard digits.allSatisfy(\.isICECharacter), padding <= 2, digits.count % 4 != 1 else {
        return nil
    }
    return digits.count * 3 / 4
}

private func repeatedTags(_ media: MediaContext) -> [Observation] {
    var seen: Set<UInt32> = []
    return media.attributes.values(CryptoAttribute.self)
        .filter { !seen.insert($0.value.tag).inserted }
        .map { media.observed("tag \($0.value.tag) is there already", at: $0.line) }
}

private func unprotectedParameters(_ media: MediaContext) -> [Observation] {
    media.attributes.values(CryptoAttribute.self).flatMap { line, crypto in
        crypto.sessionParameters.filter { $0.hasPrefix("UNENCRYPTED") || $0.hasPrefix("UNAUTH") }
            .map { media.observed("the session parameter \(quoted($0)) is set", at: line) }
    }
}

private func keyLines(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { $0.type == .key ? Observation("there is a k= line", at: $0) : nil }
}
