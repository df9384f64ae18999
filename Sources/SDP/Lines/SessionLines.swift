// The lines of a session that hold one text (RFC 8866 section 5).

extension Section {
    /// The value of the first line of this type; nil where there is none or it is not UTF-8.
    public func lineText(_ type: LineType) -> String? {
        var found = lines(of: .line(type))
        return found.next()?.valueText
    }

    /// Makes the first line of this type have this value; nil takes all of them away.
    public mutating func setLineText(_ type: LineType, _ value: String?) {
        guard let value else { return remove(.line(type)) }
        let content = Array("\(type.text)=\(value)".utf8)
        if let index = lines.firstIndex(where: { $0.type == type }) {
            if Array(lines[index].content) != content {
                lines[index] = lines[index].replacingContent(content)
            }
        } else {
            insert(Line(content: content, ending: lineEnding), as: .line(type))
        }
    }

    public var information: String? {
        get { lineText(.information) }
        set { setLineText(.information, newValue) }
    }
    /// The first `c=` line; a media description may have more for its addresses.
    public var connection: Connection? {
        get { first() }
        set { set(newValue) }
    }
    public var bandwidths: [Bandwidth] {
        get { all() }
        set { setAll(newValue) }
    }
    /// Attributes of every name, in order, as they stand.
    public var attributes: [Attribute] { lines.compactMap(\.attribute) }
}

extension SessionDescription {
    /// 0 in every session there is.
    public var version: String? {
        get { lineText(.version) }
        set { setLineText(.version, newValue) }
    }
    public var origin: Origin? {
        get { first() }
        set { set(newValue) }
    }
    public var sessionName: String? {
        get { lineText(.sessionName) }
        set { setLineText(.sessionName, newValue) }
    }
    public var uri: String? {
        get { lineText(.uri) }
        set { setLineText(.uri, newValue) }
    }
    public var emails: [String] {
        get { all(EmailAddress.self).map(\.value) }
        set { setAll(newValue.map { EmailAddress($0) }) }
    }
    public var phones: [String] {
        get { all(PhoneNumber.self).map(\.value) }
        set { setAll(newValue.map { PhoneNumber($0) }) }
    }
    public var timings: [Timing] {
        get { all() }
        set { setAll(newValue) }
    }
    public var groups: [Group] {
        get { all() }
        set { setAll(newValue) }
    }

    /// The connection that holds for this media: its own, else the session's.
    public func connection(of media: MediaDescription) -> Connection? {
        media.connection ?? connection
    }
}
