import SDP

extension Finding {
    /// `12:3: error: message [rule]`, and the hint with its RFC section in a second line; without
    /// numbers where the finding has no place.
    public var explanation: [String] {
        let place = position.map { "\($0.line):\($0.column): " } ?? ""
        let of = side.map { "\($0.rawValue) " } ?? ""
        return [
            "\(of)\(place)\(severity.rawValue): \(message) [\(rule.identifier)]",
            "  \(hint) (\(reference.text))",
        ]
    }
}
