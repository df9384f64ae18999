/// Writes Prometheus's text exposition format 0.0.4.
public struct MetricsWriter {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    public enum Kind: String, Sendable { case counter, gauge, histogram, summary }

    public private(set) var text = ""
    private var family = ""

    public init() {}

    /// Begins a family; its samples follow. The name of a counter ends in `_total`.
    public mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        family = name
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    public mutating func sample(
        _ value: some BinaryInteger, suffix: String = "", _ labels: (String, String)...
    ) {
        write(String(value), suffix, labels)
    }

    public mutating func sample(
        _ value: Double, suffix: String = "", _ labels: (String, String)...
    ) {
        write(Self.text(of: value), suffix, labels)
    }

    /// A family of one sample.
    public mutating func single(
        _ name: String, _ kind: Kind, _ value: some BinaryInteger, _ help: String
    ) {
        family(name, kind, help)
        sample(value)
    }

    /// A family of counters that differ by one label.
    public mutating func counters(
        _ name: String, by label: String, _ counts: [(name: String, count: UInt64)], _ help: String
    ) {
        family(name, .counter, help)
        for (value, count) in counts { sample(count, (label, value)) }
    }

    /// - Parameter unit: how much of the family's unit is one of the histogram's: 1e-6 for a
    ///   histogram of microseconds whose family is in seconds.
    public mutating func histogram(
        _ name: String, _ histogram: Histogram, unit: Double = 1, _ help: String
    ) {
        family(name, .histogram, help)
        var total: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total &+= count
            sample(total, suffix: "_bucket", ("le", Self.text(of: Double(bound) * unit)))
        }
        sample(histogram.count, suffix: "_bucket", ("le", "+Inf"))
        sample(Double(histogram.sum) * unit, suffix: "_sum")
        sample(histogram.count, suffix: "_count")
    }

    private mutating func write(_ value: String, _ suffix: String, _ labels: [(String, String)]) {
        text += family + suffix
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// As Go's and Python's parsers read it: `0.001`, `1e-05`, `+Inf`.
    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return "\(value)"
    }
}
