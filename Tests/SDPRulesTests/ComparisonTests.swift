import JSON
import SDP
import SDPRules
import Testing

@Suite struct ComparisonTests {
    private func differences(_ edits: [Edit], of text: String) throws -> [Difference] {
        let old = try SessionDescription(parsing: text)
        let new = try SessionDescription(parsing: text.edited(edits))
        #expect(new != old, "no edit was made")
        return new.differences(from: old)
    }

    private func differences(_ edits: Edit...) throws -> [Difference] {
        try differences(edits, of: Sample.webrtcOffer.text)
    }

    private func kinds(_ edits: Edit...) throws -> [Difference.Kind] {
        try differences(edits, of: Sample.webrtcOffer.text).map(\.kind)
    }

    @Test func mediaWithOneMidIsComparedInItsOrder() throws {
        let media = ["1", "2", "3"].map { "m=audio \($0) RTP/AVP 0\r\na=mid:x\r\n" }.joined()
        let offer = try SessionDescription(parsing: "v=0\r\n" + media)
        #expect(offer.differences(from: offer).isEmpty)
    }

    @Test func otherWordsForTheSame() throws {
        #expect(try differences(.replaceAll("\r\n", "\n")) == [])
        #expect(try differences(.remove("a=mid:0"), .add("a=mid:0", after: "a=rtpmap:0")) == [])
        #expect(
            try differences(
                .replace("minptime=10;useinbandfec=1", "useinbandfec=1; minptime=10")) == [])
        #expect(
            try differences(.replace("a=fingerprint:sha-256 0F", "a=fingerprint:SHA-256 0f")) == [])
        #expect(try differences(.remove("a=sendrecv")) == [])
        #expect(try differences(.remove("a=rtpmap:0 ")) == [])
    }

    @Test func renumberedCodecsAreTheSameCodecs() throws {
        let found = try differences(
            .replace("SAVPF 96 97", "SAVPF 120 121"), .replaceAll(":96 ", ":120 "),
            .replaceAll(":97 ", ":121 "), .replace("apt=96", "apt=120"),
            .replace("send pt=96", "send pt=120"))
        #expect(
            found.filter { $0.kind == .payloadTypeChanged }.map(\.subject)
                == ["VP8/90000", "rtx/90000"])
        #expect(found.filter { !$0.kind.isFormal }.map(\.subject).allSatisfy { $0 == "rid" })
    }

    @Test func codecs() throws {
        let removed = try differences(
            .replace("SAVPF 111 63 0", "SAVPF 111 63"), .remove("a=rtpmap:0"))
        #expect(removed.map(\.kind) == [.codecRemoved])
        #expect(removed.first?.subject == "PCMU/8000" && removed.first?.before == "0")
        #expect(removed.first?.mid == "0" && removed.first?.mediaIndex == 0)
        #expect(try kinds(.replace("SAVPF 111 63 0", "SAVPF 111 63 0 8")) == [.codecAdded])
        let moved = try differences(.replace("SAVPF 96 97 102 103", "SAVPF 102 103 96 97"))
        #expect(moved.map(\.kind) == [.codecsReordered])
        #expect(moved[0].after == "H264/90000, rtx/90000, VP8/90000, rtx/90000")
        let changed = try differences(.replace("useinbandfec=1", "useinbandfec=0"))
        #expect(changed.map(\.kind) == [.parameterChanged])
        #expect(
            changed[0].explanation
                == "m=audio (index 0, mid 0): parameter of opus/48000/2 useinbandfec: 1 became 0")
        #expect(try kinds(.remove("a=rtcp-fb:96 nack pli")) == [.feedbackRemoved])
        #expect(try kinds(.replace("42e01f", "42e028")) == [.parameterChanged])
        #expect(try kinds(.replace("42e01f", "42E01F")) == [])
    }

    @Test func anICERestart() throws {
        let found = try differences(
            .replaceAll("a=ice-ufrag:Ab1+", "a=ice-ufrag:Cd2+"),
            .replaceAll("0123456789abcdefghij/+", "abcdefghij0123456789+/"))
        #expect(found.map(\.kind) == [.iceRestarted, .iceRestarted, .iceRestarted])
        #expect(found[0].before == "Ab1+" && found[0].after == "Cd2+")
        #expect(!found.contains { $0.json.text.contains("abcdefghij0123456789") })
        #expect(
            found[0].explanation
                == "m=audio (index 0, mid 0): ICE restarted, ice-ufrag: Ab1+ became Cd2+")
        let password = try differences(
            .replaceAll("0123456789abcdefghij/+", "abcdefghij0123456789+/"))
        #expect(password.map(\.kind) == [.iceRestarted, .iceRestarted, .iceRestarted])
        #expect(password[0].explanation == "m=audio (index 0, mid 0): ICE restarted, ice-pwd")
    }

    @Test func candidatesAndPlaces() throws {
        #expect(try kinds(.remove("a=candidate:4")) == [.candidateRemoved])
        #expect(try kinds(.replace("udp 16777215", "udp 16777214")) == [.candidateChanged])
        #expect(try kinds(.replace("m=audio 50000", "m=audio 50002")) == [.portChanged])
        #expect(try kinds(.replace("m=application 9", "m=application 0")) == [.mediaStopped])
        #expect(try kinds(.replace("a=sendrecv", "a=recvonly")) == [.directionChanged])
        #expect(
            try kinds(.replace("c=IN IP4 198.51.100.1", "c=IN IP4 203.0.113.1")) == [
                .connectionChanged
            ])
        #expect(try kinds(.replace("b=AS:64", "b=AS:96")) == [.bandwidthChanged])
    }

    @Test func securityAndSources() throws {
        let certificate = try differences(.replace(":E1:F0\r\n", ":E1:F1\r\n"))
        #expect(certificate.map(\.kind) == [.fingerprintRemoved, .fingerprintAdded])
        #expect(try kinds(.replace("setup:actpass", "setup:active")) == [.attributeChanged])
        let source = try differences(.replaceAll("ssrc:1001", "ssrc:1009"))
        #expect(source.map(\.kind) == [.sourceRemoved, .sourceAdded])
        #expect(
            try kinds(.replace("ssrc:1001 cname:me", "ssrc:1001 cname:you")) == [.sourceChanged])
    }

    @Test func extensionsAndGroups() throws {
        #expect(try kinds(.replace("extmap:1 ", "extmap:2 ")) == [.extensionNumberChanged])
        #expect(try kinds(.remove("a=extmap:1 ")) == [.extensionRemoved])
        #expect(
            try kinds(.replace("extmap:1 ", "extmap:1/sendonly ")) == [.extensionDirectionChanged])
        #expect(try kinds(.replace("BUNDLE 0 1 2", "BUNDLE 0 1")) == [.groupChanged])
        #expect(try kinds(.replace("336 2 IN", "336 3 IN")) == [.sessionVersionChanged])
        #expect(try kinds(.replace("o=- 46", "o=- 47")) == [.sessionReplaced])
    }

    @Test func mediaIsFoundByItsMid() throws {
        let text = Sample.webrtcOffer.text
        let parts = try SessionDescription(parsing: text)
        var swapped = parts
        swapped.media.swapAt(1, 2)
        #expect(swapped.differences(from: parts).map(\.kind) == [.mediaMoved, .mediaMoved])
        var shorter = parts
        shorter.media.removeLast()
        #expect(shorter.differences(from: parts).map(\.kind) == [.mediaRemoved])
        #expect(parts.differences(from: shorter).map(\.kind) == [.mediaAdded])
    }

    @Test func keysAreNeverTold() throws {
        let found = try differences(
            [.replace("inline:MDEy", "inline:MDEz")], of: Sample.sipOffer.text)
        #expect(found.map(\.kind) == [.cryptoKeyChanged])
        #expect(!found[0].json.text.contains("MDE"))
    }

    @Test func whatStandsTwiceIsToldOnce() throws {
        let candidate = "a=candidate:1 1 udp 5 192.0.2.1 5000 typ host"
        let text = Sample.sipOffer.text.edited([
            .append(Sample.crypto), .append(candidate), .append(candidate),
        ])
        let found = try differences(
            [.replaceAll("inline:MDEy", "inline:MDEz"), .replaceAll("udp 5", "udp 6")], of: text)
        #expect(found.map(\.kind) == [.candidateChanged, .cryptoKeyChanged])
    }

    /// What stands before the first m= is compared where it is inherited.
    @Test func transportsOfTheSession() throws {
        func description(_ pwd: String) throws -> SessionDescription {
            let edits: [Edit] = [
                .removeAll("a=ice-ufrag"), .removeAll("a=ice-pwd"),
                .add("a=ice-ufrag:abcd", after: "t="), .add("a=ice-pwd:\(pwd)", after: "t="),
            ]
            return try SessionDescription(parsing: Sample.webrtcOffer.text.edited(edits))
        }
        let found = try description("0123456789abcdefghijkl")
            .differences(from: try description("lkjihgfedcba9876543210"))
        #expect(found.map(\.kind) == [.iceRestarted, .iceRestarted, .iceRestarted])
        #expect(!found.contains { $0.json.text.contains("0123456789") })
    }

    /// RFC 5952 section 1: one IPv6 address has many spellings.
    @Test func spellingsOfOneAddressAreNoDifference() throws {
        func description(_ address: String, _ base: String) throws -> SessionDescription {
            try SessionDescription(
                parsing: Sample.webrtcOffer.text.edited([
                    .replace("IN IP4 198.51.100.1", "IN IP6 \(address)"),
                    .replace("IN IP4 127.0.0.1", "IN IP6 \(address)"),
                    .replace("2130706431 198.51.100.1", "2130706431 \(address)"),
                    .replace("raddr 198.51.100.1", "raddr \(base)"),
                ]))
        }
        let short = try description("2001:db8::1:0:0:1", "fe80::1")
        let long = try description("2001:0DB8:0:0:1:0:0:1", "FE80:0:0:0:0:0:0:1")
        #expect(long.differences(from: short).map(\.explanation) == [])
        let other = try description("2001:db8::1:0:0:2", "fe80::1")
        #expect(
            other.differences(from: short).map(\.kind) == [
                .originChanged, .connectionChanged, .candidateRemoved, .candidateAdded,
            ])
    }

    @Test func theCaseOfACodecIsNoDifference() throws {
        #expect(try kinds(.replace("111 opus/", "111 OPUS/")) == [])
        #expect(try kinds(.replace("96 VP8/", "96 vp8/")) == [])
        #expect(
            try kinds(.replace("a=fmtp:63 111/111", "a=fmtp:63 111/0")) == [.parameterChanged])
    }

    @Test func everyKindHasWords() {
        for kind in Difference.Kind.allCases {
            #expect(kind.words != kind.rawValue && !kind.words.isEmpty, "\(kind)")
        }
    }
}
