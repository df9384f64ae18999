/// `a=candidate`: an address where ICE may reach the other side (RFC 8839 section 5.1).
public struct Candidate: LineValue {
    public static let form = LineForm.attribute("candidate")

    public var foundation: String
    /// 1 for RTP or all, 2 for RTCP.
    public var component: UInt16
    /// `udp` or `tcp`, in the case it was written in.
    public var transport: String
    public var priority: UInt32
    /// An IP address, or a name that mDNS resolves.
    public var address: String
    public var port: UInt16
    public var candidateType: CandidateType
    /// Where a candidate that is not a host's comes from.
    public var relatedAddress: String?
    public var relatedPort: UInt16?
    /// `active`, `passive` or `so` (RFC 6544 section 4.5).
    public var tcpType: String?
    /// What else follows in pairs: `generation`, `ufrag`, `network-id`, `network-cost`, …
    public var extensions: Parameters

    public init(
        foundation: String, component: UInt16 = 1, transport: String = "udp", priority: UInt32,
        address: String, port: UInt16, candidateType: CandidateType,
        relatedAddress: String? = nil, relatedPort: UInt16? = nil, tcpType: String? = nil,
        extensions: Parameters = Parameters()
    ) {
        self.foundation = foundation
        self.component = component
        self.transport = transport
        self.priority = priority
        self.address = address
        self.port = port
        self.candidateType = candidateType
        self.relatedAddress = relatedAddress
        self.relatedPort = relatedPort
        self.tcpType = tcpType
        self.extensions = extensions
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        foundation = try reader.word("foundation")
        component = try reader.number("component")
        transport = try reader.word("transport")
        priority = try reader.number("priority")
        address = try reader.word("address")
        port = try reader.number("port")
        let start = reader.position
        let typ = try reader.word("word typ")
        guard typ.isSameIgnoringCase("typ") else {
            throw .badField("word typ", text: typ, at: start)
        }
        candidateType = CandidateType(rawValue: try reader.word("candidate type"))
        extensions = Parameters()
        while let name = try reader.optionalWord() { try readExtension(name, &reader) }
    }

    private mutating func readExtension(
        _ name: String, _ reader: inout ValueReader
    ) throws(SDPError) {
        switch name {
        case "raddr" where relatedAddress == nil:
            relatedAddress = try reader.word("related address")
        case "rport" where relatedPort == nil: relatedPort = try reader.number("related port")
        case "tcptype" where tcpType == nil: tcpType = try reader.word("TCP type")
        default: extensions.all.append(.init(name, try reader.optionalWord()))
        }
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(foundation) \(component) \(transport) \(priority) \(address) \(port)")
        writer.text(" typ \(candidateType.rawValue)")
        if let relatedAddress { writer.text(" raddr \(relatedAddress)") }
        if let relatedPort { writer.text(" rport \(relatedPort)") }
        if let tcpType { writer.text(" tcptype \(tcpType)") }
        for parameter in extensions.all {
            writer.word(parameter.name)
            writer.word(parameter.value)
        }
    }

    /// The parts of the priority.
    public var decodedPriority: CandidatePriority { CandidatePriority(rawValue: priority) }

    /// A name of multicast DNS, which hides the address: `<uuid>.local`. No RFC has it; RFC 8839
    /// section 5.1 has agents ignore names that they do not know.
    public var isMDNS: Bool { address.suffix(6).isSameIgnoringCase(".local") }

    public var isTCP: Bool { transport.isSameIgnoringCase("tcp") }

    /// The `ufrag` extension, which says to which ICE generation a trickled candidate belongs.
    public var usernameFragment: String? {
        get { extensions["ufrag"] }
        set { extensions["ufrag"] = newValue }
    }

    /// libwebrtc's `generation`, which counts ICE restarts.
    public var generation: UInt32? {
        get { extensions[number: "generation"] }
        set { extensions[number: "generation"] = newValue }
    }
}

/// `host`, `srflx`, `prflx`, `relay`, or a type to come.
public struct CandidateType: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let host = CandidateType(rawValue: "host")
    public static let serverReflexive = CandidateType(rawValue: "srflx")
    public static let peerReflexive = CandidateType(rawValue: "prflx")
    public static let relayed = CandidateType(rawValue: "relay")

    public static let known: [CandidateType] = [.host, .serverReflexive, .peerReflexive, .relayed]
}

/// A candidate's priority as RFC 8445 section 5.1.2.1 puts it together:
/// 2^24 × type preference + 2^8 × local preference + 256 − component.
public struct CandidatePriority: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// - Parameters: what is beyond its range (126, 65535, 1 to 256) is cut down to it.
    public init(typePreference: UInt32, localPreference: UInt32, component: UInt32) {
        let low = 256 - min(max(component, 1), 256)
        rawValue = min(typePreference, 126) << 24 | min(localPreference, 0xffff) << 8 | low
    }

    /// 0 to 126 by the RFC.
    public var typePreference: UInt32 { rawValue >> 24 }
    public var localPreference: UInt32 { rawValue >> 8 & 0xffff }
    public var component: UInt32 { 256 - rawValue & 0xff }

    /// For TCP the local preference holds a direction preference (RFC 6544 section 4.2), 0 to 7.
    public var tcpDirectionPreference: UInt32 { localPreference >> 13 }
}
