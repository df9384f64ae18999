/// Parameters in their order: `name=value` between separators, or a name alone.
///
/// They are what a fmtp, a rid, a candidate's extensions and an imageattr set have. Two of them are
/// equal when every name has the same values in the same order; which name comes first says nothing.
public struct Parameters: Sendable {
    public struct Parameter: Equatable, Sendable {
        public var name: String
        /// Nil for a name alone.
        public var value: String?

        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    public var all: [Parameter]

    public init(_ all: [Parameter] = []) { self.all = all }

    public var isEmpty: Bool { all.isEmpty }

    public func has(_ name: String) -> Bool { all.contains { $0.name.isSameIgnoringCase(name) } }

    /// The first value under this name, whose case does not count (RFC 4855 section 3); setting nil
    /// takes every parameter of the name away.
    public subscript(_ name: String) -> String? {
        get { all.first { $0.name.isSameIgnoringCase(name) }?.value }
        set {
            guard let newValue else {
                return all.removeAll { $0.name.isSameIgnoringCase(name) }
            }
            if let index = all.firstIndex(where: { $0.name.isSameIgnoringCase(name) }) {
                all[index].value = newValue
            } else {
                all.append(Parameter(name, newValue))
            }
        }
    }

    /// The value as a whole number.
    public subscript(number name: String) -> UInt32? {
        get { self[name].flatMap { DecimalNumber<UInt32>($0.utf8).value } }
        set { self[name] = newValue.map { String($0) } }
    }

    /// True for `1`, false for `0`.
    public subscript(flag name: String) -> Bool? {
        get { self[number: name].flatMap { $0 > 1 ? nil : $0 == 1 } }
        set { self[number: name] = newValue.map { $0 ? 1 : 0 } }
    }

    func text(separator: String) -> String {
        all.map { parameter in parameter.value.map { "\(parameter.name)=\($0)" } ?? parameter.name }
            .joined(separator: separator)
    }

    private var inOrderOfNames: [Parameter] {
        all.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
            .map(\.element)
    }

    /// Whether they stand in the order of their names, so that sorting changes nothing.
    var isInOrderOfNames: Bool { zip(all, all.dropFirst()).allSatisfy { $0.name < $1.name } }
}

extension Parameters: Equatable {
    public static func == (a: Parameters, b: Parameters) -> Bool {
        a.all == b.all || a.all.count == b.all.count && a.inOrderOfNames == b.inOrderOfNames
    }
}

extension Parameters: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral all: (String, String)...) {
        self.all = all.map { Parameter($0, $1) }
    }
}

extension StringProtocol {
    /// Whether both are the same but for the case of ASCII letters.
    public func isSameIgnoringCase(_ other: some StringProtocol) -> Bool {
        let (a, b) = (utf8, other.utf8)
        return a.count == b.count && zip(a, b).allSatisfy { $0.lowered == $1.lowered }
    }
}

extension UInt8 {
    fileprivate var lowered: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
}
