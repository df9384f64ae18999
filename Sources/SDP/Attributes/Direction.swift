/// Which way media flows (RFC 8866 section 6.7).
public enum Direction: String, CaseIterable, Sendable {
    case sendrecv, sendonly, recvonly, inactive

    public var sends: Bool { self == .sendrecv || self == .sendonly }
    public var receives: Bool { self == .sendrecv || self == .recvonly }

    public init(sends: Bool, receives: Bool) {
        self =
            switch (sends, receives) {
            case (true, true): .sendrecv
            case (true, false): .sendonly
            case (false, true): .recvonly
            case (false, false): .inactive
            }
    }

    /// The same as the other side sees it.
    public var reversed: Direction { Direction(sends: receives, receives: sends) }
}

extension Line {
    /// The direction that the line sets; nil for other lines.
    public var direction: Direction? {
        // Each of the four has eight letters.
        guard count == 10, type == .attribute else { return nil }
        return Direction(rawValue: String(decoding: value, as: UTF8.self))
    }
}

extension Section {
    /// The direction that this section says; nil where it says none. For media that is then the
    /// session's, and `sendrecv` where that says none either: `SessionDescription.direction(of:)`.
    ///
    /// Setting nil takes every direction away.
    public var direction: Direction? {
        get {
            for line in lines { if let direction = line.direction { return direction } }
            return nil
        }
        set {
            guard let newValue else { return lines.removeAll { $0.direction != nil } }
            guard let index = lines.firstIndex(where: { $0.direction != nil }) else {
                return append(Attribute(newValue.rawValue))
            }
            if lines[index].direction != newValue {
                lines[index] = lines[index].replacingContent(Array("a=\(newValue.rawValue)".utf8))
            }
        }
    }
}

extension SessionDescription {
    /// The direction that holds for this media: its own, else the session's, else `sendrecv`.
    public func direction(of media: MediaDescription) -> Direction {
        media.direction ?? direction ?? .sendrecv
    }
}
