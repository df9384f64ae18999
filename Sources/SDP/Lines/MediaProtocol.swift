/// The protocol of an `m=` line (IANA's registry of SDP "proto" values); any other is kept.
public enum MediaProtocol: Hashable, Sendable {
    case udp, tcp, tcpTLS, udpTL, udpTLSUDPTL
    case rtpAVP, rtpAVPF, rtpSAVP, rtpSAVPF
    case udpTLSRTPSAVP, udpTLSRTPSAVPF
    case tcpRTPAVP, tcpRTPAVPF, tcpRTPSAVP, tcpRTPSAVPF
    case tcpDTLSRTPSAVP, tcpDTLSRTPSAVPF
    case tcpTLSRTPAVP, tcpTLSRTPAVPF
    case dccp, dccpRTPAVP, dccpRTPSAVP, dccpRTPAVPF, dccpRTPSAVPF
    case dccpTLSRTPSAVP, dccpTLSRTPSAVPF
    case sctp, sctpDTLS, dtlsSCTP, udpDTLSSCTP, tcpDTLSSCTP
    case udpBFCP, tcpBFCP, tcpTLSBFCP, udpTLSBFCP, tcpDTLSBFCP
    case tcpMSRP, tcpTLSMSRP
    case other(String)

    public init(_ text: String) { self = Self.byText[text] ?? .other(text) }

    public var text: String {
        if case .other(let text) = self { text } else { Self.texts[self] ?? "" }
    }

    /// Media in RTP packets, whose formats are payload types.
    public var isRTP: Bool { text.contains("RTP/") }

    /// A profile with feedback: AVPF or SAVPF (RFC 4585, RFC 5124).
    public var hasFeedback: Bool { isRTP && text.hasSuffix("AVPF") }

    /// SRTP, keyed by DTLS or by `crypto`.
    public var isSRTP: Bool { isRTP && (text.hasSuffix("SAVP") || text.hasSuffix("SAVPF")) }

    /// A data channel's SCTP, in today's or the drafts' spelling.
    public var isSCTP: Bool { text.contains("SCTP") }

    /// DTLS, as the protocol's name says; browsers of old also run it under plain RTP/SAVPF.
    public var isDTLS: Bool {
        text.contains("DTLS") || text.hasPrefix("UDP/TLS/") || text.hasPrefix("DCCP/TLS/")
    }

    public var isTCP: Bool { text.hasPrefix("TCP") }

    private static let known: [(MediaProtocol, String)] = [
        (.rtpAVP, "RTP/AVP"), (.rtpAVPF, "RTP/AVPF"), (.rtpSAVP, "RTP/SAVP"),
        (.rtpSAVPF, "RTP/SAVPF"), (.udp, "udp"), (.tcp, "TCP"), (.tcpTLS, "TCP/TLS"),
        (.udpTL, "udptl"), (.udpTLSUDPTL, "UDP/TLS/UDPTL"),
        (.udpTLSRTPSAVP, "UDP/TLS/RTP/SAVP"), (.udpTLSRTPSAVPF, "UDP/TLS/RTP/SAVPF"),
        (.tcpRTPAVP, "TCP/RTP/AVP"), (.tcpRTPAVPF, "TCP/RTP/AVPF"),
        (.tcpRTPSAVP, "TCP/RTP/SAVP"), (.tcpRTPSAVPF, "TCP/RTP/SAVPF"),
        (.tcpDTLSRTPSAVP, "TCP/DTLS/RTP/SAVP"), (.tcpDTLSRTPSAVPF, "TCP/DTLS/RTP/SAVPF"),
        (.tcpTLSRTPAVP, "TCP/TLS/RTP/AVP"), (.tcpTLSRTPAVPF, "TCP/TLS/RTP/AVPF"),
        (.dccp, "DCCP"), (.dccpRTPAVP, "DCCP/RTP/AVP"), (.dccpRTPSAVP, "DCCP/RTP/SAVP"),
        (.dccpRTPAVPF, "DCCP/RTP/AVPF"), (.dccpRTPSAVPF, "DCCP/RTP/SAVPF"),
        (.dccpTLSRTPSAVP, "DCCP/TLS/RTP/SAVP"), (.dccpTLSRTPSAVPF, "DCCP/TLS/RTP/SAVPF"),
        (.sctp, "SCTP"), (.sctpDTLS, "SCTP/DTLS"), (.dtlsSCTP, "DTLS/SCTP"),
        (.udpDTLSSCTP, "UDP/DTLS/SCTP"), (.tcpDTLSSCTP, "TCP/DTLS/SCTP"),
        (.udpBFCP, "UDP/BFCP"), (.tcpBFCP, "TCP/BFCP"), (.tcpTLSBFCP, "TCP/TLS/BFCP"),
        (.udpTLSBFCP, "UDP/TLS/BFCP"), (.tcpDTLSBFCP, "TCP/DTLS/BFCP"),
        (.tcpMSRP, "TCP/MSRP"), (.tcpTLSMSRP, "TCP/TLS/MSRP"),
    ]
    private static let texts = Dictionary(uniqueKeysWithValues: known)
    private static let byText = Dictionary(uniqueKeysWithValues: known.map { ($1, $0) })
}
