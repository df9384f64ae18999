/// Descriptions that keep every rule, to be broken one line at a time.
enum Sample: String, CaseIterable, Sendable {
    case webrtcOffer, webrtcAnswer, sipOffer, sipAnswer

    var text: String {
        let lines =
            switch self {
            case .webrtcOffer: webrtcOfferLines
            case .webrtcAnswer: webrtcAnswerLines
            case .sipOffer: sipOfferLines
            case .sipAnswer: sipAnswerLines
            }
        return lines.replacing("\n", with: "\r\n") + "\r\n"
    }

    /// Lines that are not in the samples, or not so.
    static let crypto =
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5"
    static let otherCrypto =
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw"
    static let fingerprint =
        "a=fingerprint:sha-256 " + Array(repeating: "00", count: 32).joined(separator: ":")
}

private let webrtcOfferLines = """
    v=0
    o=- 4611731400430051336 2 IN IP4 127.0.0.1
    s=-
    t=0 0
    a=group:BUNDLE 0 1 2
    a=group:LS 0 1
    a=extmap-allow-mixed
    a=msid-semantic: WMS stream
    m=audio 50000 UDP/TLS/RTP/SAVPF 111 63 0 110 126
    c=IN IP4 198.51.100.1
    b=AS:64
    b=TIAS:48000
    a=rtcp:9 IN IP4 0.0.0.0
    a=candidate:1 1 udp 2130706431 198.51.100.1 50000 typ host generation 0 ufrag Ab1+
    a=candidate:2 1 tcp 1518280447 198.51.100.1 9 typ host tcptype active generation 0 ufrag Ab1+
    a=candidate:3 1 udp 1694498815 203.0.113.1 50000 typ srflx raddr 198.51.100.1 rport 50000 generation 0 ufrag Ab1+
    a=candidate:4 1 udp 16777215 203.0.113.9 60000 typ relay raddr 203.0.113.1 rport 50000 generation 0 ufrag Ab1+
    a=end-of-candidates
    a=ice-ufrag:Ab1+
    a=ice-pwd:0123456789abcdefghij/+
    a=ice-options:trickle
    a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
    a=setup:actpass
    a=mid:0
    a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
    a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
    a=sendrecv
    a=msid:stream track-a
    a=rtcp-mux
    a=rtcp-mux-only
    a=rtcp-rsize
    a=ptime:20
    a=maxptime:60
    a=rtpmap:111 opus/48000/2
    a=rtcp-fb:111 transport-cc
    a=fmtp:111 minptime=10;useinbandfec=1;maxaveragebitrate=64000
    a=rtpmap:63 red/48000/2
    a=fmtp:63 111/111
    a=rtpmap:0 PCMU/8000
    a=rtpmap:110 telephone-event/48000
    a=rtpmap:126 telephone-event/8000
    a=ssrc:1001 cname:me
    a=ssrc:1001 msid:stream track-a
    m=video 0 UDP/TLS/RTP/SAVPF 96 97 102 103
    c=IN IP4 0.0.0.0
    a=bundle-only
    a=ice-ufrag:Ab1+
    a=ice-pwd:0123456789abcdefghij/+
    a=ice-options:trickle
    a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
    a=setup:actpass
    a=mid:1
    a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
    a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
    a=sendrecv
    a=msid:stream track-v
    a=rtcp-mux
    a=rtcp-rsize
    a=rtpmap:96 VP8/90000
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtpmap:97 rtx/90000
    a=fmtp:97 apt=96
    a=rtpmap:102 H264/90000
    a=rtcp-fb:102 nack
    a=rtcp-fb:102 nack pli
    a=fmtp:102 packetization-mode=1;profile-level-id=42e01f
    a=rtpmap:103 rtx/90000
    a=fmtp:103 apt=102
    a=ssrc-group:FID 2001 2002
    a=ssrc:2001 cname:me
    a=ssrc:2002 cname:me
    a=rid:hi send pt=96
    a=rid:lo send
    a=simulcast:send hi;lo
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel
    c=IN IP4 0.0.0.0
    a=ice-ufrag:Ab1+
    a=ice-pwd:0123456789abcdefghij/+
    a=ice-options:trickle
    a=fingerprint:sha-256 0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0
    a=setup:actpass
    a=mid:2
    a=sctp-port:5000
    a=max-message-size:262144
    """

private let webrtcAnswerLines = """
    v=0
    o=- 1611731400430051337 2 IN IP4 127.0.0.1
    s=-
    t=0 0
    a=group:BUNDLE 0 1 2
    m=audio 40000 UDP/TLS/RTP/SAVPF 111 0 110
    c=IN IP4 203.0.113.7
    a=candidate:1 1 udp 2130706431 203.0.113.7 40000 typ host generation 0
    a=candidate:4 1 udp 16777215 203.0.113.9 60002 typ relay raddr 203.0.113.7 rport 40000 generation 0
    a=end-of-candidates
    a=ice-ufrag:Zz9/
    a=ice-pwd:zyxwvutsrqponmlkjihgfe
    a=ice-options:trickle
    a=fingerprint:sha-256 F0:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:0F
    a=setup:active
    a=mid:0
    a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
    a=sendrecv
    a=msid:s t
    a=rtcp-mux
    a=rtpmap:111 opus/48000/2
    a=rtcp-fb:111 transport-cc
    a=rtpmap:0 PCMU/8000
    a=rtpmap:110 telephone-event/48000
    m=video 9 UDP/TLS/RTP/SAVPF 96 97 102
    c=IN IP4 0.0.0.0
    a=mid:1
    a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
    a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
    a=sendrecv
    a=msid:s v
    a=rtcp-mux
    a=rtpmap:96 VP8/90000
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtpmap:97 rtx/90000
    a=fmtp:97 apt=96
    a=rtpmap:102 H264/90000
    a=fmtp:102 packetization-mode=1;profile-level-id=42e01f
    a=rid:hi recv
    a=rid:lo recv
    a=simulcast:recv hi;lo
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel
    c=IN IP4 0.0.0.0
    a=mid:2
    a=sctp-port:5000
    a=max-message-size:262144
    """

private let sipOfferLines = """
    v=0
    o=alice 2890844526 2890844526 IN IP4 198.51.100.1
    s=-
    c=IN IP4 198.51.100.1
    t=0 0
    m=audio 49170 RTP/SAVP 0 8 97 101
    a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5|2^20|1:4
    a=rtpmap:0 PCMU/8000
    a=rtpmap:8 PCMA/8000
    a=rtpmap:97 iLBC/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-15
    a=sendrecv
    """

private let sipAnswerLines = """
    v=0
    o=bob 2808844564 2808844564 IN IP4 203.0.113.7
    s=-
    c=IN IP4 203.0.113.7
    t=0 0
    m=audio 49920 RTP/SAVP 0 101
    a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw
    a=rtpmap:0 PCMU/8000
    a=rtpmap:101 telephone-event/8000
    a=sendrecv
    """
