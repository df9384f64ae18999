import Crypto
import SDP
import SDPRedaction
import Support
import Testing

@Suite struct RedactorTests {
    private let redactor = Redactor(key: SecretBytes(count: 32) { $0.update(repeating: 7) })

    private func redacted(_ text: String) throws -> String {
        redactor.redacted(try SessionDescription(parsing: text)).text
    }

    /// What stands before a colon is a scheme only where it is a known one.
    @Test(arguments: [
        ("alice", "https"), ("corp-secret", "https"), ("alice:secret", "https"),
        ("mailto:alice@corp.test", "mailto"), ("HTTP://corp.test/x", "http"),
    ])
    func linksKeepKnownSchemes(link: String, scheme: String) throws {
        let redacted = try redacted("v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nu=\(link)\nt=0 0\n")
        #expect(redacted.contains("\nu=\(scheme)://example.invalid/"))
        for word in ["alice", "corp", "secret"] { #expect(!redacted.contains(word)) }
    }

    @Test func nothingThatTellsOfSomebodyIsLeft() throws {
        let told = [
            "alice", "4711471147", "203.0.113.77", "Board", "alice@corp.test", "555", "U5o0",
            "BzXj3Z4jfFG", "18:A8:BC:70", "1965774084", "04S3k4TG", "fb9f72cd", "b61c9277",
            "2001:db8:1:2", "laptop.corp.test", "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
            "9f5b1d2c-41a7-4cf5", "corp.test", "154656473", "dGxzaWQtMTIz", "39-A7-94",
        ]
        let text = """
            v=0
            o=alice 4711471147 2 IN IP4 203.0.113.77
            s=Board meeting
            i=about alice
            u=https://corp.test/x
            e=alice@corp.test (Alice)
            p=+49 555 1234567
            c=IN IP4 203.0.113.77
            t=0 0
            a=msid-semantic: WMS fb9f72cd-80d2-48c1-822c-9543d578e57a
            a=tls-id:dGxzaWQtMTIz
            a=ts-refclk:ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0:37
            m=audio 49170 RTP/SAVPF 0
            a=candidate:154656473 1 udp 2122194687 203.0.113.77 48470 typ srflx raddr 2001:db8:1:2::9 rport 9 ufrag U5o0
            a=candidate:2 1 udp 2122194687 9f5b1d2c-41a7-4cf5-9a1c-8c9a0b1c2d3e.local 48470 typ host
            a=candidate:bad laptop.corp.test
            a=ice-ufrag:U5o0
            a=ice-pwd:BzXj3Z4jfFG+ne5TEgbyDKvZ
            a=fingerprint:sha-1 18:A8:BC:70:00:F7:BF:68:AF:DB:B1:DE:97:69:A0:F6:17:39:70:61
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32
            a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCsp KDR=1 UNENCRYPTED_SRTCP FEC_ORDER=SRTP_FEC
            a=ssrc:1965774084 cname:04S3k4TG+Fv57Wu6
            a=ssrc:1965774084 msid:fb9f72cd-80d2-48c1-822c-9543d578e57a b61c9277-ad66-41e1-b282-3c6fea538eab
            a=ssrc-group:FID 1965774084 5
            a=rtcp:9 IN IP6 2001:db8:1:2::9
            a=source-filter: incl IN IP4 * 203.0.113.77
            a=control:rtsp://laptop.corp.test/track
            x=alice
            not a line of alice

            """
        let redacted = try redacted(text)
        for word in told {
            #expect(!redacted.lowercased().contains(word.lowercased()), "\(word) is left")
        }
        for word in [
            "m=audio 49170 RTP/SAVPF 0", "AES_CM_128_HMAC_SHA1_80", "|2^20|1:32\n",
            " KDR=1 UNENCRYPTED_SRTCP FEC_ORDER=SRTP_FEC\n", "48470 typ host",
            "sha-1 ", "2122194687", ".local", "IN IP4 * ", "rtsp://", "IEEE1588-2008:",
        ] {
            #expect(redacted.contains(word), "\(word) is not left")
        }
    }

    /// Values that only their makers know may tell of somebody by any word.
    @Test(arguments: [
        ("a=candidate:1 1 udp 1 10.0.0.1 9 typ host x-host alice-laptop.corp.test", "alice"),
        ("a=candidate:1 1 udp 1 10.0.0.1 9 typ host x-host alice", "alice"),
        ("a=candidate:1 1 udp 1 10.0.0.1 9 typ srflx url stun:stun.corp.test:3478", "corp"),
        ("a=file-selector:name:\"Alice pay.xls\" size:9 hash:sha-1:72:24:5F:E8", "Alice"),
        ("a=file-selector:name:\"x\" size:9 hash:sha-1:72:24:5F:E8", "24:5F"),
        ("a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd", "vBnG916"),
        ("a=zrtp-hash:1.10 fe30efd02423cb054e50efd0248742ac7a52", "fe30efd"),
        ("a=cs-correlation:AQAFgM0XflAB", "AQAFgM0"), ("a=alt:1 1 : 7pNLPyn2 IIFfCjBe", "7pNL"),
        ("a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVm", "PS1uQ"),
        ("a=x-host:pbx7.berlin.corp.test", "berlin"), ("a=X-nat:0 alice-home", "alice"),
        ("a=control:pbx7.berlin.corp.test/1", "berlin"), ("a=tool:Client (alice)", "alice"),
        ("a=mid:audioAlice", "Alice"), ("a=group:BUNDLE audioAlice", "Alice"),
        ("a=rid:Alice send depend=Alicia", "Alic"), ("a=simulcast:send Alice", "Alice"),
        ("a=fmtp:111 minptime=10;x-user=alicesmith", "alices"),
        ("a=ssrc:1 fmtp:111 minptime=10;x-user=alicesmith", "alices"),
        ("a=crypto:1 A inline:AAAA FEC_KEY=inline:PS1uQCVeeCFCanVm|2^20|1:4", "PS1uQ"),
        ("a=crypto:1 A inline:AAAA FEC_KEY=PS1uQCVeeCFCanVm", "PS1uQ"),
        ("a=crypto:1 A inline:AAAA|alicesmith|1:4", "alices"),
        ("a=crypto:1 A inline:AAAA x-user=alicesmith", "alices"),
        ("a=crypto:1 A inline:AAAA KDR=alicesmith", "alices"),
        ("c=IN 203.0.113.9 IP4", "203.0.113.9"), ("c=203.0.113.9 IN IP4", "203.0.113.9"),
        ("o=- 1 1 IN 203.0.113.9 IP4", "203.0.113.9"),
        ("a=rtcp:9 IN 203.0.113.9 IP4", "203.0.113.9"), ("a=rtcp:9 IN alice IP4", "alice"),
        ("a=candidate:1 1 203.0.113.9 5 udp 53000 typ host", "203.0.113.9"),
        ("a=candidate:1 1 udp 5 10.0.0.1 53000 typ alice", "alice"),
        ("a=candidate:1 1 udp 5 10.0.0.1 53000 typ host tcptype alice", "alice"),
        ("a=imageattr:97 203.0.113.5", "203.0.113.5"), ("a=imageattr:97 alice", "alice"),
        ("a=rtpmap:97 203.0.113.5", "203.0.113.5"), ("a=rtcp-fb:203.0.113.5", "203.0.113.5"),
        ("a=extmap:2 https://intern.example/x", "intern"), ("a=extmap:2 intern", "intern"),
        ("a=extmap:2 urn:ietf:params:rtp-hdrext:toffset alice", "alice"),
        // Without the colon that says where the value begins.
        ("a=ice-pwd asd88fgpdd777uzjYhagZg", "asd88"), ("a=ice-pwd=asd88fgpdd777", "asd88"),
        ("a=ice-pwd :asd88fgpdd777", "asd88"), ("a= ice-pwd:asd88fgpdd777", "asd88"),
        ("a=cname alice@corp.test", "alice"), ("a=cname alice@corp.test", "corp"),
        ("a=rtcp 5005 IN IP4 203.0.113.77", "203.0.113"), ("a=rtcp-mux 203.0.113.77", "203.0.113"),
        ("a=candidate 1 1 UDP 2130706431 203.0.113.77 9 typ host", "203.0.113"),
        ("a=candidate 1 1 UDP 5 2001:db8:77::9 9 typ host", "2001:db8:77"),
        ("a=x-public-ip 203.0.113.77", "203.0.113"), ("a=203.0.113.77", "203.0.113"),
        ("a=alicesmith", "alices"), ("a=203.0.113.77:9", "203.0.113"),
        ("a=x-ip 203.0.113.77:\u{ff}", "203.0.113"), ("a=:203.0.113.77", "203.0.113"),
        // In the place of another field.
        ("a=candidate:1 1 udp 5 10.0.0.1 9 typ srflx 203.0.113.77 rport 9", "203.0.113"),
        ("a=candidate:1 1 udp 5 10.0.0.1 9 typ host generation ufrag AliceU5o0", "AliceU5o0"),
        ("a=candidate:1 1 udp 5 10.0.0.1 9 typ host generation 203.0.113.77", "203.0.113"),
        ("o=alice 1 203.0.113.9 IN IP4 1.2.3.4", "203.0.113"),
        ("o=alice 203.0.113.9 1 IN IP4 1.2.3.4", "203.0.113.9"),
        ("o=- 1 alicesmith IN IP4 1.2.3.4", "alices"),
        ("o=- alicesmith 1 IN IP4 1.2.3.4", "alices"),
        ("a=ssrc:1 203.0.113.7:v", "203.0.113"), ("a=ssrc:1 alicesmith", "alices"),
        ("a=ssrc:1 alicesmith msid:x", "alices"),
        ("a=source-filter: incl IN IP4 *203.0.113.77", "203.0.113"),
        ("a=source-filter: incl IN IP4 * 203.0.11 3.77", "203.0.11"),
        ("a=ssrc-group:203.0.113.7 1 2", "203.0.113"),
        ("a=crypto:1 203.0.113.7 inline:AAAA", "203.0.113"),
        ("a=crypto:1 inline:PS1uQCVe inline:AAAA", "PS1u"),
        ("a=crypto:1 A 203.0.113.7:AAAA", "203.0.113"),
        ("a=fingerprint:203.0.113.7", "203.0.113"),
        ("a=fingerprint:203.0.113.7 AA:BB", "203.0.113"), ("a=group:203.0.113.7 0", "203.0.113"),
        ("a=msid-semantic:203.0.113.7 s", "203.0.113"),
        ("a=rtpmap:97 203.0.113.7/90000", "203.0.113"), ("a=rtpmap:97 corp.test/90000", "corp"),
        ("a=rtpmap:97 opus/48000/203.0.113.7", "203.0.113"),
        ("a=rtcp-fb:96 203.0.113.5", "203.0.113"), ("a=rid:h send 203.0.113.7", "203.0.113"),
        ("a=rid:h 203.0.113.7", "203.0.113"), ("a=rid:h send pt=203.0.113.7", "203.0.113"),
        ("a=extmap:1 urn:ietf:params:203.0.113.7", "203.0.113"),
        ("a=extmap:1 http://www.webrtc.org/203.0.113.7", "203.0.113"),
        ("k=203.0.113.7:x", "203.0.113"),
    ])
    func nothingIsLeftOf(_ line: String, _ told: String) throws {
        let redacted = try redacted("v=0\r\n\(line)\r\n")
        #expect(!redacted.contains(told), "\(redacted)")
    }

    @Test(arguments: [
        "a=mid:0", "a=mid:audio", "a=group:BUNDLE 0 1 sdparta_2", "a=rid:hi send pt=97",
        "a=simulcast:send hi;~mid,lo recv q", "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=fmtp:97 profile-level-id=42e01f;packetization-mode=1", "a=ptime:20",
        "a=candidate:1 1 udp 1 127.0.0.1 9 typ host generation 0 network-id 1 network-cost 10",
        "c=IN IP4 127.0.0.1", "a=rtcp:9 IN IP4 127.0.0.1", "a=rtpmap:97 vnd.onvif.metadata/90000",
        "a=imageattr:97 send [x=800,y=[320:16:640],sar=1.1,q=0.6] recv *",
        "a=rtcp-fb:96 ccm tmmbr smaxpr=120", "a=extmap:2/sendonly urn:3gpp:video-orientation",
        "a=extmap:3  http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "a=extmap:5 urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=sendrecv", "a=rtcp-mux", "a=end-of-candidates", "a=T38FaxTranscodingMMR", "a=mid",
        "a=rid:hi send pt=97,98;max-width=1280;max-bpp=0.5", "a=group:LS 0 1", "k=prompt",
        "a=extmap:9 https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor",
        "a=rtpmap:97 H263-1998/90000", "a=rtpmap:111 opus/48000/2", "a=ssrc-group:FID 0 0",
        "a=x-known-to-its-makers:5", "a=rtcp-fb:96 transport-cc",
        "a=setup:actpass", "a=rtcp-xr:rcvr-rtt=all", "a=T38FaxUdpEC:t38UDPRedundancy",
    ])
    func whatTellsNothingStays(_ line: String) throws {
        #expect(try redacted("v=0\r\n\(line)\r\n") == "v=0\r\n\(line)\r\n")
    }

    /// Names of media and layers hold together: groups, layers and candidates find them still.
    @Test func namesOfMediaAreTheSameEverywhere() throws {
        let description = try SessionDescription(
            parsing: """
                v=0
                a=group:BUNDLE camAlice 0
                m=video 9 RTP/AVP 97
                a=mid:camAlice
                a=rid:bigAlice send
                a=rid:smallAlice send pt=97;depend=bigAlice
                a=simulcast:send bigAlice;~smallAlice

                """)
        let redacted = redactor.redacted(description)
        let mid = try #require(redacted.media[0].mid)
        #expect(redacted.groups.first?.mids == [mid, "0"])
        let lines = redacted.media[0].lines.map(\.text)
        let big = lines[2].dropFirst(6).prefix { $0 != " " }
        let small = lines[3].dropFirst(6).prefix { $0 != " " }
        #expect(lines[3] == "a=rid:\(small) send pt=97;depend=\(big)")
        #expect(lines[4] == "a=simulcast:send \(big);~\(small)")
        let candidate = redactor.redacted(TrickledCandidate(line: nil, sdpMid: "camAlice"))
        #expect(candidate.sdpMid == mid)
    }

    @Test func theSameIsTheSameEverywhere() throws {
        let description = try SessionDescription(
            parsing: """
                v=0
                o=- 1 1 IN IP4 198.51.100.9
                m=audio 9 RTP/AVP 0
                c=IN IP4 198.51.100.9
                a=ice-ufrag:abcd
                a=candidate:1 1 udp 1 198.51.100.9 9 typ host ufrag abcd
                a=ssrc:77 cname:x
                a=ssrc-group:FID 77 78
                m=video 9 RTP/AVP 0
                c=IN IP4 198.51.100.10

                """)
        let redacted = redactor.redacted(description)
        let address = try #require(redacted.origin?.address)
        #expect(address.hasPrefix("198.18.") || address.hasPrefix("198.19."))
        let audio = redacted.media[0]
        let candidate = try #require(audio.first(Candidate.self))
        #expect(audio.connection?.address == address)
        #expect(candidate.address == address)
        #expect(candidate.usernameFragment == audio.iceUfrag)
        #expect(redacted.media[1].connection?.address != address)
        let group = try #require(audio.first(SourceGroup.self))
        #expect(audio.first(SourceAttribute.self)?.ssrc == group.ssrcs[0])
        #expect(redactor.redacted(description) == redacted)
        let other = Redactor(key: SecretBytes(count: 32) { $0.update(repeating: 8) })
        #expect(other.redacted(description).origin?.address != address)
    }

    /// What an address reaches is what findings are about.
    @Test(arguments: [
        ("10.1.2.3", "10."), ("192.168.4.5", "192.168."), ("172.20.1.1", "172."),
        ("100.99.1.1", "100."), ("169.254.9.9", "169.254."), ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0"), ("8.8.8.8", "198.1"), ("224.2.1.1", "239."), ("::1", "::1"),
        ("fe80::1%eth0", "fe80:"), ("fd12::9", "fd"), ("2a00::5", "2001:db8:"),
        ("::ffff:8.8.4.4", "::ffff:198.1"), ("ff02::fb", "ff02:"), ("host.test", "host-"),
    ])
    func addressesKeepTheirReach(_ address: String, _ start: String) throws {
        let family = address.contains(":") ? "IP6" : "IP4"
        let redacted = redactor.redacted(
            try SessionDescription(parsing: "v=0\r\nc=IN \(family) \(address)\r\n"))
        let new = try #require(redacted.connection?.address)
        #expect(new.hasPrefix(start), "\(new)")
        #expect((new == address) == ["127.0.0.1", "0.0.0.0", "::1"].contains(address))
    }

    /// Two spellings of one address are one address.
    @Test func spellingsOfAnAddressAreOne() throws {
        let addresses = try ["2001:db9::1", "2001:DB9:0:0:0:0:0:1"].map {
            try redacted("v=0\nc=IN IP6 \($0)\n")
        }
        #expect(addresses[0] == addresses[1])
    }

    private static let files = PublishedVectors.sessionDescriptions(
        for: "redaction of 68 session descriptions")

    /// The text stays SDP: as many lines of the same types and names, and lengths of credentials.
    @Test(arguments: files) func published(_ file: VectorFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        let redacted = try SessionDescription(parsing: redactor.redacted(description).encoded)
        let (old, new) = (Array(description.allLines), Array(redacted.allLines))
        #expect(old.count == new.count)
        for (a, b) in zip(old, new) {
            #expect(a.type == b.type && a.ending == b.ending, "\(a.text)")
            #expect(
                a.attributeName.map { Array($0) } == b.attributeName.map { Array($0) }, "\(a.text)")
            if a.isAttribute("ice-pwd") || a.isAttribute("fingerprint") {
                #expect(a.count == b.count && a != b, "\(a.text)")
            }
            let wasCandidate = (try? a.value(as: Candidate.self)) != nil
            #expect(wasCandidate == ((try? b.value(as: Candidate.self)) != nil), "\(a.text)")
        }
    }

    /// Damaged lines give other damaged lines, and never a trap.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var bytes = Array(
            """
            v=0
            o=- 1 1 IN IP4 1.2.3.4
            c=IN IP6 ::1
            m=audio 9 RTP/AVP 0
            a=candidate:1 1 udp 1 ::ffff:1.2.3.4 9 typ host
            a=crypto:1 A inline:AAAA|2^20|1:4
            a=rtcp:9 IN IP4 1.2.3.4
            a=fingerprint:sha-1 AA:BB

            """.utf8)
        for _ in 0..<5 {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                in: 0...255, using: &random)
        }
        guard let description = try? SessionDescription(parsing: bytes) else { return }
        let redacted = redactor.redacted(description)
        #expect(Array(redacted.allLines).count == Array(description.allLines).count)
    }
}
