// Attributes that are a flag, a word, a number or a list of words.

extension Section {
    /// The value of the first attribute of this name; nil where there is none, and where it has none.
    public func attributeText(_ name: String) -> String? {
        var found = lines(of: .attribute(name))
        return found.next()?.attributeText
    }

    /// Makes the first attribute of this name have this value; nil takes all of them away.
    public mutating func setAttributeText(_ name: String, _ value: String?) {
        guard let value else { return remove(.attribute(name)) }
        guard let index = lines.firstIndex(where: { $0.isAttribute(name) }) else {
            return append(Attribute(name, value))
        }
        if lines[index].attributeText.map({ Array($0.utf8) }) != Array(value.utf8) {
            lines[index] = lines[index].replacingContent(Attribute(name, value).encodedLine)
        }
    }

    public func hasAttribute(_ name: String) -> Bool { has(.attribute(name)) }

    public mutating func setFlag(_ name: String, _ isSet: Bool) {
        if !isSet { return remove(.attribute(name)) }
        if !hasAttribute(name) { append(Attribute(name)) }
    }

    private func number<Number: FixedWidthInteger>(_ name: String) -> Number? {
        attributeText(name).flatMap { DecimalNumber<Number>($0.utf8).value }
    }
}

extension Line {
    /// The attribute's value without spaces at its ends; nil where there is none, and where it is
    /// not UTF-8.
    public var attributeText: String? {
        attributeValue.flatMap { text(of: $0.trimmed) }
    }
}

/// Identification and grouping: RFC 5888, RFC 9143.
extension Section {
    public var mid: String? {
        get { attributeText("mid") }
        set { setAttributeText("mid", newValue) }
    }
    public var isBundleOnly: Bool {
        get { hasAttribute("bundle-only") }
        set { setFlag("bundle-only", newValue) }
    }
}

/// ICE: RFC 8839.
extension Section {
    public var iceUfrag: String? {
        get { attributeText("ice-ufrag") }
        set { setAttributeText("ice-ufrag", newValue) }
    }
    public var icePwd: String? {
        get { attributeText("ice-pwd") }
        set { setAttributeText("ice-pwd", newValue) }
    }
    /// `trickle`, `renomination`, `ice2`, …; nil where the attribute is not there.
    public var iceOptions: [String]? {
        get {
            attributeText("ice-options")
                .map { $0.utf8.split(separator: 0x20).map { String(Substring($0)) } }
        }
        set { setAttributeText("ice-options", newValue?.joined(separator: " ")) }
    }
    public var isICELite: Bool {
        get { hasAttribute("ice-lite") }
        set { setFlag("ice-lite", newValue) }
    }
    public var hasEndOfCandidates: Bool {
        get { hasAttribute("end-of-candidates") }
        set { setFlag("end-of-candidates", newValue) }
    }
}

/// RTP and RTCP: RFC 5761, RFC 5506, RFC 8285.
extension Section {
    public var hasRTCPMux: Bool {
        get { hasAttribute("rtcp-mux") }
        set { setFlag("rtcp-mux", newValue) }
    }
    /// RFC 8858.
    public var hasRTCPMuxOnly: Bool {
        get { hasAttribute("rtcp-mux-only") }
        set { setFlag("rtcp-mux-only", newValue) }
    }
    public var hasReducedSizeRTCP: Bool {
        get { hasAttribute("rtcp-rsize") }
        set { setFlag("rtcp-rsize", newValue) }
    }
    public var allowsMixedExtmap: Bool {
        get { hasAttribute("extmap-allow-mixed") }
        set { setFlag("extmap-allow-mixed", newValue) }
    }
    /// In milliseconds, as it was written: some write fractions.
    public var ptime: String? {
        get { attributeText("ptime") }
        set { setAttributeText("ptime", newValue) }
    }
    /// In milliseconds, as it was written.
    public var maxptime: String? {
        get { attributeText("maxptime") }
        set { setAttributeText("maxptime", newValue) }
    }
    /// In frames a second, as it was written.
    public var framerate: String? {
        get { attributeText("framerate") }
        set { setAttributeText("framerate", newValue) }
    }
}

/// DTLS: RFC 4145, RFC 8842.
extension Section {
    public var setup: Setup? {
        get { attributeText("setup").map { Setup(rawValue: $0) } }
        set { setAttributeText("setup", newValue?.rawValue) }
    }
    public var tlsID: String? {
        get { attributeText("tls-id") }
        set { setAttributeText("tls-id", newValue) }
    }
}

/// Data channels: RFC 8841.
extension Section {
    public var sctpPort: UInt16? {
        get { number("sctp-port") }
        set { setAttributeText("sctp-port", newValue.map { String($0) }) }
    }
    /// In bytes; 0 for no limit.
    public var maxMessageSize: UInt64? {
        get { number("max-message-size") }
        set { setAttributeText("max-message-size", newValue.map { String($0) }) }
    }
}
