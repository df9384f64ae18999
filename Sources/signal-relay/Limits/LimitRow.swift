internal import CLI
internal import Clock
internal import JSON

/// One limit that `--limit NAME=VALUE` sets: a row of the table.
struct LimitRow: Sendable {
    /// Thirty years: what is longer cannot be written in seconds.
    private static let longestTime = Duration.seconds(1_000_000_000)

    /// How a value is written.
    enum Unit: String, Sendable { case count, bytes, time, number }

    let name: String
    let unit: Unit
    let help: String
    /// The value as text that can be given back.
    let text: @Sendable (RelayLimits) -> String
    /// - Returns: whether the text is a value of the unit, within bounds.
    let set: @Sendable (inout RelayLimits, String) -> Bool

    typealias Path<Value> = WritableKeyPath<RelayLimits, Value> & Sendable

    static func count(
        _ name: String, _ path: any Path<Int>, in range: ClosedRange<Int> = 1...1_000_000_000,
        _ help: String
    ) -> LimitRow {
        LimitRow(name: name, unit: .count, help: help) {
            String($0[keyPath: path])
        } set: {
            guard let value = Int($1), range.contains(value) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }

    static func bytes(
        _ name: String, _ path: any Path<Int>, in range: ClosedRange<Int> = 1...1 << 50,
        _ help: String
    ) -> LimitRow {
        LimitRow(name: name, unit: .bytes, help: help) {
            String($0[keyPath: path])
        } set: {
            guard let value = byteCount($1), range.contains(value) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }

    /// - Parameter mayBeZero: whether no time at all is a value, such as that of a grace.
    static func time(
        _ name: String, _ path: any Path<Duration>, mayBeZero: Bool = false, _ help: String
    ) -> LimitRow {
        LimitRow(name: name, unit: .time, help: help) {
            let milliseconds = $0[keyPath: path].milliseconds
            return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
        } set: {
            guard let value = durationValue($1), value <= longestTime,
                value > .zero || mayBeZero && value == .zero
            else { return false }
            $0[keyPath: path] = value
            return true
        }
    }

    /// A number that may have a fraction, such as a rate.
    static func number(_ name: String, _ path: any Path<Double>, _ help: String) -> LimitRow {
        LimitRow(name: name, unit: .number, help: help) {
            let value = $0[keyPath: path]
            return value == value.rounded() && value < 1e15 ? String(Int(value)) : "\(value)"
        } set: {
            guard let value = Double($1), (0.001...1e9).contains(value) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }
}

extension RelayLimits {
    /// Sets what texts such as `pingInterval=20s` say; the last one for a name counts.
    init(_ assignments: [String]) throws(UsageError) {
        self.init()
        for text in assignments { try set(text) }
    }

    private mutating func set(_ text: String) throws(UsageError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let row = LimitRow.all.first(where: { $0.name == name }) else {
            let nearest = nearestWord(to: name, among: LimitRow.all.map(\.name))
            throw .conflict(
                "there is no limit \"\(name)\"",
                hint: nearest.map { "did you mean \($0)" } ?? "--limits lists them all")
        }
        guard parts.count == 2, row.set(&self, String(parts[1])) else {
            throw .badValue(text, option: "--limit", wanted: "\(name)=\(row.unit.example)")
        }
    }

    /// Prints the limits with their values and their defaults.
    func list(_ console: Console) throws {
        let defaults = RelayLimits()
        var report = Report(console, columns: ["name", "value", "default", "unit", "help"])
        for row in LimitRow.all {
            try report.add([
                "type": "limit", "name": .string(row.name), "value": .string(row.text(self)),
                "default": .string(row.text(defaults)), "unit": .string(row.unit.rawValue),
                "help": .string(row.help),
            ])
        }
        try report.finish()
    }
}

extension LimitRow.Unit {
    var example: String {
        switch self {
        case .count: "a whole number in bounds"
        case .bytes: "a size such as 64KiB"
        case .time: "a time such as 500ms or 30s"
        case .number: "a number such as 0.5"
        }
    }
}
