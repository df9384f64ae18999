internal import JSON

/// A value that stands by itself in the JSON form, and the line it makes.
extension MemberForm {
    /// What the line says in this shape; nil where it does not fit.
    func bareValue(of line: Line) -> JSON? {
        switch shape {
        case .lineText: line.valueText.map { .string($0) }
        case .lineNumber: line.text(of: line.value.trimmed).flatMap { integer($0) }
        case .flag: line.attributeValue == nil ? .bool(true) : nil
        case .direction: line.direction.map { .string($0.rawValue) }
        case .text: line.attributeText.map { .string($0) }
        case .integer: line.attributeText.flatMap { integer($0) }
        case .decimal: line.attributeText.flatMap { decimal($0) }
        case .words: line.attributeText.map { .array(words($0)) }
        case .one, .many: nil
        }
    }

    private func integer(_ text: String) -> JSON? {
        guard let number = DecimalNumber<UInt64>(text.utf8).value else { return nil }
        return number < 1 << 53 ? .integer(number) : .string(String(number))
    }

    /// A number that a reader of JSON gives back as it was, else a string.
    private func decimal(_ text: String) -> JSON? {
        guard !text.isEmpty, text.utf8.count <= 15,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e })
        else { return .string(text) }
        if let number = DecimalNumber<UInt64>(text.utf8).value {
            return String(number) == text ? .number(text) : .string(text)
        }
        guard let number = Double(text), number >= 0.001, "\(number)" == text else {
            return .string(text)
        }
        return .number(text)
    }

    private func words(_ text: String) -> [JSON] {
        text.split(separator: " ").map { .string(String($0)) }
    }

    /// The content of the line that says this, without its ending.
    ///
    /// - Throws: `badMember` where the value is of another kind than the member.
    func content(of json: JSON, path: String) throws(SDPError) -> [UInt8] {
        switch (form, shape) {
        case (.line(let type), _): Array("\(type.text)=\(try word(json, path: path))".utf8)
        case (_, .flag): try flag(json, path: path)
        case (_, .direction): Array("a=\(try direction(json, path: path).rawValue)".utf8)
        case (_, .words): Array((form.prefix + (try words(json, path: path))).utf8)
        default: Array((form.prefix + (try word(json, path: path))).utf8)
        }
    }

    private func word(_ json: JSON, path: String) throws(SDPError) -> String {
        guard let text = json.textOrDigits else {
            throw .badMember(path: path, expected: "a string or a number")
        }
        return text
    }

    private func words(_ json: JSON, path: String) throws(SDPError) -> String {
        guard let array = json.array else { throw .badMember(path: path, expected: "an array") }
        var texts: [String] = []
        for value in array { texts.append(try word(value, path: path)) }
        return texts.joined(separator: " ")
    }

    private func flag(_ json: JSON, path: String) throws(SDPError) -> [UInt8] {
        guard case .attribute(let name) = form, json.bool == true else {
            throw .badMember(path: path, expected: "true or false")
        }
        return Array("a=\(name)".utf8)
    }

    private func direction(_ json: JSON, path: String) throws(SDPError) -> Direction {
        guard let direction = json.string.flatMap({ Direction(rawValue: $0) }) else {
            throw .badMember(
                path: path, expected: "one of sendrecv, sendonly, recvonly and inactive")
        }
        return direction
    }
}
