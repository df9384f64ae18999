extension Option<Bool> {
    /// Present or not, with no value: `--force`, `-f`.
    public static func flag(_ name: String, short: Character? = nil, _ help: String) -> Self {
        let spec = OptionSpec(
            name: name, short: short, value: nil, isRequired: false, isRepeated: false, help: help)
        return Option(spec, fallback: false) { _ in true }
    }
}

extension Option<Int> {
    /// How often it is given: `-v -v`, `-vv`.
    public static func count(_ name: String, short: Character? = nil, _ help: String) -> Self {
        let spec = OptionSpec(
            name: name, short: short, value: nil, isRequired: false, isRepeated: true, help: help)
        return Option(spec, fallback: 0) { $0.count }
    }

    /// A whole number within bounds.
    public static func number(
        _ name: String, short: Character? = nil, value: String = "N", in range: ClosedRange<Int>,
        default fallback: Int, _ help: String
    ) -> Self {
        Option(.taking(.word(value), name, short, help), fallback: fallback) {
            texts throws(UsageError) in try parseNumber(texts, of: name, in: range)
        }
    }

    /// A number of bytes: `500`, `64KiB`, `1MiB`, `2MB`.
    public static func size(
        _ name: String, short: Character? = nil, value: String = "SIZE",
        in range: ClosedRange<Int>, default fallback: Int, _ help: String
    ) -> Self {
        Option(.taking(.word(value), name, short, help), fallback: fallback) {
            texts throws(UsageError) in
            guard let size = byteCount(texts.last ?? ""), range.contains(size) else {
                throw .badValue(
                    texts.last ?? "", option: "--\(name)", wanted: "a size such as 64KiB")
            }
            return size
        }
    }
}

extension Option<Int?> {
    /// A whole number within bounds, or none.
    public static func number(
        _ name: String, short: Character? = nil, value: String = "N", in range: ClosedRange<Int>,
        _ help: String
    ) -> Self {
        Option(.taking(.word(value), name, short, help), fallback: .some(nil)) {
            texts throws(UsageError) in try parseNumber(texts, of: name, in: range)
        }
    }
}

extension Option<String?> {
    /// Text with no rule of its own: `--name NAME`.
    public static func text(
        _ name: String, short: Character? = nil, value: String, _ help: String
    ) -> Self {
        Option(.taking(.word(value), name, short, help), fallback: .some(nil)) { $0.last }
    }

    /// A path, which shells complete as one: `--output FILE`, `-o FILE`.
    public static func file(
        _ name: String, short: Character? = nil, value: String = "FILE", _ help: String
    ) -> Self {
        Option(.taking(.file(value), name, short, help), fallback: .some(nil)) { $0.last }
    }

    public static func directory(
        _ name: String, short: Character? = nil, value: String = "DIR", _ help: String
    ) -> Self {
        Option(.taking(.directory(value), name, short, help), fallback: .some(nil)) { $0.last }
    }
}

extension Option<String> {
    /// Text with a default.
    public static func text(
        _ name: String, short: Character? = nil, value: String, default fallback: String,
        _ help: String
    ) -> Self {
        Option(.taking(.word(value), name, short, help), fallback: fallback) { $0.last ?? fallback }
    }

    /// Text without which the command makes no sense.
    public static func required(
        _ name: String, short: Character? = nil, value: String, _ help: String
    ) -> Self {
        let spec = OptionSpec(
            name: name, short: short, value: .word(value), isRequired: true, isRepeated: false,
            help: help)
        return Option(spec, fallback: nil) { $0.last ?? "" }
    }
}

extension Option<[String]> {
    /// Text that may be given several times.
    public static func texts(
        _ name: String, short: Character? = nil, value: String, _ help: String
    ) -> Self {
        let spec = OptionSpec(
            name: name, short: short, value: .word(value), isRequired: false, isRepeated: true,
            help: help)
        return Option(spec, fallback: []) { $0 }
    }

    /// Paths: the option may be given several times.
    public static func files(
        _ name: String, short: Character? = nil, value: String = "FILE", _ help: String
    ) -> Self {
        let spec = OptionSpec(
            name: name, short: short, value: .file(value), isRequired: false, isRepeated: true,
            help: help)
        return Option(spec, fallback: []) { $0 }
    }
}

extension Option
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the words that an enum lists.
    public static func choice(
        _ name: String, short: Character? = nil, default fallback: Value, _ help: String
    ) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return Option(.taking(.choice(words), name, short, help), fallback: fallback) {
            texts throws(UsageError) in try parseChoice(texts, of: name)
        }
    }
}

/// One of the words that an enum lists, or none.
public func optionalChoice<Word: CaseIterable & RawRepresentable & Sendable>(
    _ name: String, short: Character? = nil, of type: Word.Type, _ help: String
) -> Option<Word?> where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return Option(.taking(.choice(words), name, short, help), fallback: .some(nil)) {
        texts throws(UsageError) in try parseChoice(texts, of: name) as Word
    }
}

extension Option<Duration> {
    /// A time: `250ms`, `30s`, `5m`, `6h`, `7d`; a bare number is seconds.
    public static func duration(
        _ name: String, short: Character? = nil, value: String = "TIME",
        atLeast least: Duration = .zero, atMost most: Duration? = nil, default fallback: Duration,
        _ help: String
    ) -> Self {
        Option(.taking(.word(value), name, short, help), fallback: fallback) {
            texts throws(UsageError) in
            guard let duration = durationValue(texts.last ?? ""), duration >= least,
                duration <= most ?? duration
            else {
                let wanted =
                    most.map { "a time from \(durationText(least)) to \(durationText($0))" }
                    ?? "a time such as 30s"
                throw .badValue(texts.last ?? "", option: "--\(name)", wanted: wanted)
            }
            return duration
        }
    }
}

extension OptionSpec {
    static func taking(
        _ value: ValueKind, _ name: String, _ short: Character?, _ help: String
    ) -> OptionSpec {
        OptionSpec(
            name: name, short: short, value: value, isRequired: false, isRepeated: false,
            help: help)
    }
}

private func parseNumber(
    _ texts: [String], of name: String, in range: ClosedRange<Int>
) throws(UsageError) -> Int {
    let text = texts.last ?? ""
    guard let number = Int(text), range.contains(number) else {
        throw .badValue(
            text, option: "--\(name)",
            wanted: range.upperBound == .max
                ? "a number from \(range.lowerBound)"
                : "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
}

private func parseChoice<Word: CaseIterable & RawRepresentable>(
    _ texts: [String], of name: String
) throws(UsageError) -> Word where Word.RawValue == String {
    let text = texts.last ?? ""
    guard let word = Word(rawValue: text) else {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badValue(text, option: "--\(name)", wanted: "one of \(words)")
    }
    return word
}

/// Reads `250ms`, `30s`, `5m`, `6h`, `7d` or bare seconds; nil for anything else.
public func durationValue(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number <= 1_000_000_000 else { return nil }
    return switch text.dropFirst(digits.count) {
    case "ms": .milliseconds(number)
    case "", "s": .seconds(number)
    case "m": .seconds(number * 60)
    case "h": .seconds(number * 3600)
    case "d": .seconds(number * 86_400)
    default: nil
    }
}

/// A time as `durationValue` reads it, in the largest unit that it is a whole number of.
func durationText(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    let units = [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
    let unit = units.first { seconds > 0 && seconds % $0.1 == 0 } ?? ("s", 1)
    return "\(seconds / unit.1)\(unit.0)"
}

/// Reads `500`, `64KiB`, `1MiB`, `2MB`; nil for anything else.
public func byteCount(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit: Int
    switch text.dropFirst(digits.count) {
    case "", "B": unit = 1
    case "K", "KiB": unit = 1 << 10
    case "M", "MiB": unit = 1 << 20
    case "G", "GiB": unit = 1 << 30
    case "kB", "KB": unit = 1000
    case "MB": unit = 1_000_000
    case "GB": unit = 1_000_000_000
    default: return nil
    }
    guard let number = Int(digits), number <= (1 << 60) / unit else { return nil }
    return number * unit
}
