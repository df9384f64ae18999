extension RuleCase {
    static let ofSecurity: [RuleCase] = [
        RuleCase(
            "fingerprint-missing", .offer, .removeAll("a=fingerprint"), at: "m=audio",
            butNot: [
                .removeAll("a=fingerprint"),
                .add(Sample.fingerprint, after: "t="),
            ]),
        RuleCase(
            "srtp-keys-missing", .sipOffer, .remove("a=crypto"), at: "m=audio",
            butNot: [.replace("a=crypto:1", "a=key-mgmt:mikey AQAF\r\na=x-was:")]),
        RuleCase(
            "srtp-keys-missing", .sipOffer, .remove("a=crypto"), at: "m=audio",
            butNot: [.replace("a=crypto:1", "a=zrtp-hash:1.10 fe30\r\na=x-was:")]),
        RuleCase(
            "fingerprint-missing", .sipOffer, .replace("a=crypto:1", "a=setup:actpass\r\na=x-was:"),
            at: "m=audio", butNot: [.remove("a=crypto")]),
        RuleCase(
            "fingerprint-broken-hash", .offer, .replace("sha-256", "md5"), at: "a=fingerprint:md5"),
        RuleCase(
            "fingerprint-weak-hash", .offer, .replace("sha-256", "SHA-1"), at: "a=fingerprint:SHA-1"
        ),
        RuleCase(
            "fingerprint-unknown-hash", .offer, .replace("sha-256", "sha-3"),
            at: "a=fingerprint:sha-3"),
        RuleCase(
            "fingerprint-length", .offer, .replace(":E1:F0:0F", ":E1:F0"), at: "a=fingerprint"),
        RuleCase(
            "fingerprint-length", .offer, .replace("sha-256 0F:", "sha-256 XX:"),
            at: "a=fingerprint"),
        RuleCase("fingerprint-case", .offer, .replace("0F:1E", "0f:1E"), at: "a=fingerprint"),
        RuleCase("setup-missing", .offer, .removeAll("a=setup"), at: "m=audio"),
        RuleCase(
            "setup-unknown", .offer, .replaceAll("setup:actpass", "setup:both"), at: "a=setup"),
        RuleCase(
            "setup-offer-role", .offer, .replaceAll("setup:actpass", "setup:active"), at: "a=setup"),
        RuleCase(
            "setup-answer-actpass", .answer, .replace("setup:active", "setup:actpass"),
            at: "a=setup", butNot: [.replace("setup:active", "setup:passive")]),
        RuleCase(
            "setup-conflict", .offer, .replace("setup:actpass", "setup:active"),
            at: "a=setup:actpass"),
        RuleCase(
            "setup-holdconn", .offer, .replaceAll("setup:actpass", "setup:holdconn"), at: "a=setup"),
        RuleCase(
            "tls-id", .offer, .add("a=tls-id:0123456789abcdefXYZ", after: "a=mid:0"),
            at: "a=tls-id",
            butNot: [.add("a=tls-id:0123456789abcdef+/-_", after: "a=mid:0")]),
        RuleCase(
            "tls-id", .offer, .add("a=tls-id:0123456789 abcdefXYZ0", after: "a=mid:0"),
            at: "a=tls-id"),
        RuleCase("sdes-beside-dtls", .offer, .add(Sample.crypto, after: "a=mid:0"), at: "a=crypto"),
        RuleCase(
            "sdes-only", .offer, .removeAll("a=fingerprint"), .add(Sample.crypto, after: "a=mid:0"),
            at: "a=crypto"),
        RuleCase(
            "sdes-in-clear-profile", .sipOffer, .replace("RTP/SAVP", "RTP/AVP"), at: "a=crypto"),
        RuleCase(
            "sdes-suite", .sipOffer, .replace("AES_CM_128_HMAC_SHA1_80", "ROT13"), at: "a=crypto"),
        RuleCase("sdes-key-length", .sipOffer, .replace("Nzg5|", "Nzg|"), at: "a=crypto"),
        RuleCase("sdes-key-length", .sipOffer, .replace("inline:M", "inline:*"), at: "a=crypto"),
        RuleCase(
            "sdes-tag-duplicate", .sipOffer,
            .append("a=crypto:1 AEAD_AES_128_GCM inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw=="),
            at: "a=crypto:1 AEAD",
            butNot: [
                .append(
                    "a=crypto:2 AEAD_AES_128_GCM inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw==")
            ]),
        RuleCase(
            "sdes-unencrypted", .sipOffer, .replace("|1:4", "|1:4 UNENCRYPTED_SRTCP"),
            at: "a=crypto"),
        RuleCase("key-line", .sipOffer, .add("k=clear:secret", after: "m="), at: "k="),
    ]
}
