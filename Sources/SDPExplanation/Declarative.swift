internal import SDP

extension SessionDescription {
    /// Whether streams are described and not negotiated: RTSP controls them (RFC 7826 appendix D),
    /// or they go to many (RFC 3264 section 5.2 knows multicast too, and nobody uses it).
    var isDeclarative: Bool {
        hasAttribute("control") || hasAttribute("range") || hasAttribute("type")
            || connection?.isMulticast ?? false
            || media.contains {
                $0.hasAttribute("control") || $0.all(Connection.self).contains(where: \.isMulticast)
            }
    }
}

extension Connection {
    fileprivate var isMulticast: Bool { IPAddress(address)?.scope == .multicast }
}
