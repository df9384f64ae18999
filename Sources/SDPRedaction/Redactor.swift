public import Crypto
public import SDP

/// Puts pseudonyms in the place of what a description tells about people and machines: addresses,
/// names, ICE credentials, fingerprints, keys and identifiers.
///
/// What a session is made of stays: its media, codecs, ports, priorities and directions, and the
/// lengths of credentials; private addresses stay private. So two descriptions can be compared as
/// before, and most of what can be found wrong with them is still found.
public struct Redactor: Sendable {
    /// The bytes of a key.
    public static let keyByteCount = 32

    let pseudonyms: Pseudonyms

    /// - Parameter key: pseudonyms compare where they were made with the same one. Whoever has it
    ///   can try values until one gives a pseudonym that they see.
    public init(key: consuming SecretBytes) { pseudonyms = Pseudonyms(key: key) }

    /// The description with as many lines, of the same types, attribute names and endings; what is no
    /// attribute's name is redacted where one should be.
    public func redacted(_ description: SessionDescription) -> SessionDescription {
        var redacted = description
        redacted.lines = description.lines.map(redacted(_:))
        redacted.media = description.media.map {
            MediaDescription(lines: $0.lines.map(redacted(_:)))
        }
        return redacted
    }

    /// The candidate as it is redacted in a description, with the `mid` and the fragment beside it.
    public func redacted(_ candidate: TrickledCandidate) -> TrickledCandidate {
        var redacted = candidate
        redacted.line = candidate.line.map(redacted(_:))
        redacted.sdpMid = candidate.sdpMid.map { pseudonyms.token($0) }
        redacted.usernameFragment = candidate.usernameFragment.map { pseudonyms.secret(.ufrag, $0) }
        return redacted
    }

    private func redacted(_ line: Line) -> Line {
        if line.isBlank { return line }
        switch line.type {
        case nil: return line.replacingContent(redacted(line.content).utf8)
        case .origin?: return origin(line)
        case .connection?: return connection(line)
        case .sessionName?: return name(line, prefix: "session", .session)
        case .information?: return name(line, prefix: "information", .session)
        case .uri?: return text(line) { pseudonyms.link($0) }
        case .email?: return text(line) { pseudonyms.person($0) }
        case .phone?: return text(line) { pseudonyms.phoneNumber($0) }
        case .key?: return key(line)
        case .attribute?: return attribute(line)
        case let type? where type.isKnown: return scrubbed(line)
        case _?: return line.replacingValue(redacted(line.value))
        }
    }

    /// For text of which nothing stays, not even its length.
    func redacted(_ text: ArraySlice<UInt8>) -> String {
        pseudonyms.name(.text, text, prefix: "redacted")
    }

    /// The line with other fields; nothing of it stays where its fields are not what they should be.
    private func changed<Value: LineValue>(
        _ line: Line, _ change: (inout Value) -> Void
    ) -> Line {
        guard var value = try? line.value(as: Value.self) else { return whole(line) }
        change(&value)
        var line = line
        line.set(value)
        return line
    }

    private func origin(_ line: Line) -> Line {
        changed(line) { (origin: inout Origin) in
            if origin.username != "-" {
                origin.username = pseudonyms.name(.person, origin.username.utf8, prefix: "user")
            }
            origin.sessionID = number(origin.sessionID) { pseudonyms.word(.origin, $0) }
            origin.sessionVersion = number(origin.sessionVersion) { $0 }
            origin.networkType = pseudonyms.networkType(origin.networkType)
            origin.addressType = pseudonyms.addressType(origin.addressType)
            origin.address = pseudonyms.address(origin.address)
        }
    }

    /// An address in the place of a number is redacted as one.
    private func number(_ text: String, _ replace: (String) -> String) -> String {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            ? replace(text) : pseudonyms.everyWord(of: text)
    }

    private func connection(_ line: Line) -> Line {
        changed(line) { (connection: inout Connection) in
            connection.networkType = pseudonyms.networkType(connection.networkType)
            connection.addressType = pseudonyms.addressType(connection.addressType)
            connection.address = pseudonyms.address(connection.address)
        }
    }

    /// `-` and a space are what those write who name nothing.
    private func name(_ line: Line, prefix: String, _ kind: Pseudonyms.Kind) -> Line {
        let value = line.value
        if value.allSatisfy({ $0 == 0x2d || $0 == 0x20 }) { return line }
        return line.replacingValue(pseudonyms.name(kind, value, prefix: prefix))
    }

    private func key(_ line: Line) -> Line {
        changed(line) { (key: inout EncryptionKey) in
            key.method = pseudonyms.known(key.method, ["clear", "base64", "uri", "prompt"])
            key.key = key.key.map { pseudonyms.secret(.key, $0) }
        }
    }

    /// A line of one text; where it is not UTF-8, nothing of it stays.
    private func text(_ line: Line, _ replace: (String) -> String) -> Line {
        guard let text = String(validating: line.value, as: UTF8.self) else { return whole(line) }
        return line.replacingValue(replace(text))
    }

    private func scrubbed(_ line: Line) -> Line { text(line) { pseudonyms.scrubbed($0) } }

    /// Leaves nothing but the type: its fields are not what they should be, so none is known.
    func whole(_ line: Line) -> Line {
        guard let text = String(validating: line.value, as: UTF8.self) else {
            return line.replacingValue(redacted(line.value))
        }
        return line.replacingValue(pseudonyms.everyWord(of: text))
    }
}

extension Line {
    /// The line with another value behind its type and the `=`.
    fileprivate func replacingValue(_ text: String) -> Line {
        replacingContent(content.prefix(2) + text.utf8)
    }
}
