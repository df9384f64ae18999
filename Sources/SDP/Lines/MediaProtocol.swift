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
        switch self {
        case .udp: "udp"
        case .tcp: "TCP"
        case .tcpTLS: "TCP/TLS"
        case .udpTL: "udptl"
        case .udpTLSUDPTL: "UDP/TLS/UDPTL"
        case .rtpAVP: "RTP/AVP"
        case .rtpAVPF: "RTP/AVPF"
        case .rtpSAVP: "RTP/SAVP"
        case .rtpSAVPF: "RTP/SAVPF"
        case .udpTLSRTPSAVP: "UDP/TLS/RTP/SAVP"
        case .udpTLSRTPSAVPF: "UDP/TLS/RTP/SAVPF"
        case .tcpRTPAVP: "TCP/RTP/AVP"
        case .tcpRTPAVPF: "TCP/RTP/AVPF"
        case .tcpRTPSAVP: "TCP/RTP/SAVP"
        case .tcpRTPSAVPF: "TCP/RTP/SAVPF"
        case .tcpDTLSRTPSAVP: "TCP/DTLS/RTP/SAVP"
        case .tcpDTLSRTPSAVPF: "TCP/DTLS/RTP/SAVPF"
        case .tcpTLSRTPAVP: "TCP/TLS/RTP/AVP"
        case .tcpTLSRTPAVPF: "TCP/TLS/RTP/AVPF"
        case .dccp: "DCCP"
        case .dccpRTPAVP: "DCCP/RTP/AVP"
        case .dccpRTPSAVP: "DCCP/RTP/SAVP"
        case .dccpRTPAVPF: "DCCP/RTP/AVPF"
        case .dccpRTPSAVPF: "DCCP/RTP/SAVPF"
        case .dccpTLSRTPSAVP: "DCCP/TLS/RTP/SAVP"
        case .dccpTLSRTPSAVPF: "DCCP/TLS/RTP/SAVPF"
        case .sctp: "SCTP"
        case .sctpDTLS: "SCTP/DTLS"
        case .dtlsSCTP: "DTLS/SCTP"
        case .udpDTLSSCTP: "UDP/DTLS/SCTP"
        case .tcpDTLSSCTP: "TCP/DTLS/SCTP"
        case .udpBFCP: "UDP/BFCP"
        case .tcpBFCP: "TCP/BFCP"
        case .tcpTLSBFCP: "TCP/TLS/BFCP"
        case .udpTLSBFCP: "UDP/TLS/BFCP"
        case .tcpDTLSBFCP: "TCP/DTLS/BFCP"
        case .tcpMSRP: "TCP/MSRP"
        case .tcpTLSMSRP: "TCP/TLS/MSRP"
        case .other(let text): text
        }
    }

    /// Media in RTP packets, whose formats are payload types.
    public var isRTP: Bool { text.contains(bytesOf: "RTP/") }

    /// A profile with feedback: AVPF or SAVPF (RFC 4585, RFC 5124).
    public var hasFeedback: Bool { isRTP && text.hasSuffix("AVPF") }

    /// SRTP, keyed by DTLS or by `crypto`.
    public var isSRTP: Bool { isRTP && (text.hasSuffix("SAVP") || text.hasSuffix("SAVPF")) }

    /// A data channel's SCTP, in today's or the drafts' spelling.
    public var isSCTP: Bool { text.contains(bytesOf: "SCTP") }

    /// DTLS, as the protocol's name says; browsers of old also run it under plain RTP/SAVPF.
    public var isDTLS: Bool {
        text.contains(bytesOf: "DTLS") || text.hasPrefix("UDP/TLS/") || text.hasPrefix("DCCP/TLS/")
    }

    public var isTCP: Bool { text.hasPrefix("TCP") }

    private static let known: [MediaProtocol] = [
        .udp, .tcp, .tcpTLS, .udpTL, .udpTLSUDPTL, .rtpAVP, .rtpAVPF, .rtpSAVP, .rtpSAVPF,
        .udpTLSRTPSAVP, .udpTLSRTPSAVPF, .tcpRTPAVP, .tcpRTPAVPF, .tcpRTPSAVP, .tcpRTPSAVPF,
        .tcpDTLSRTPSAVP, .tcpDTLSRTPSAVPF, .tcpTLSRTPAVP, .tcpTLSRTPAVPF, .dccp, .dccpRTPAVP,
        .dccpRTPSAVP, .dccpRTPAVPF, .dccpRTPSAVPF, .dccpTLSRTPSAVP, .dccpTLSRTPSAVPF, .sctp,
        .sctpDTLS, .dtlsSCTP, .udpDTLSSCTP, .tcpDTLSSCTP, .udpBFCP, .tcpBFCP, .tcpTLSBFCP,
        .udpTLSBFCP, .tcpDTLSBFCP, .tcpMSRP, .tcpTLSMSRP,
    ]
    private static let byText = Dictionary(uniqueKeysWithValues: known.map { ($0.text, $0) })
}

extension String {
    /// Quicker than `contains`, which minds characters that are written in more than one way.
    fileprivate func contains(bytesOf part: String) -> Bool {
        let (own, part) = (utf8.span, part.utf8.span)
        var start = 0
        while start &+ part.count <= own.count {
            var count = 0
            while count < part.count, own[start &+ count] == part[count] { count &+= 1 }
            if count == part.count { return true }
            start &+= 1
        }
        return false
    }
}
