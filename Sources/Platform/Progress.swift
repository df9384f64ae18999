internal import Clock

/// How far a long piece of work has come, on standard error.
///
/// On a terminal it is a bar, drawn only when the work takes longer than half a second and taken
/// away at the end. As JSON it is lines `{"type":"progress","done":…,"total":…}`.
public struct Progress: ~Copyable {
    public enum Style: Sendable, Equatable { case none, bar, json }

    /// Short work shows nothing.
    static let firstAfter = Duration.milliseconds(500)
    static let interval = Duration.milliseconds(100)

    public let total: UInt64?
    public private(set) var done: UInt64 = 0
    private let style: Style
    private var nextAt: Instant
    private var isShown = false

    /// - Parameters:
    ///   - style: nil for a bar where standard error is a terminal, and nothing elsewhere.
    ///   - total: how many bytes there will be, where that is known.
    public init(style: Style? = nil, total: UInt64? = nil) {
        self.style = style ?? (FileDescriptor.standardError.isTerminal ? .bar : .none)
        self.total = total
        nextAt = MonotonicClock().now + Self.firstAfter
    }

    public mutating func advance(by count: Int) {
        done &+= UInt64(count)
        guard style != .none else { return }
        let now = MonotonicClock().now
        guard now >= nextAt else { return }
        nextAt = now + Self.interval
        show()
    }

    /// Takes the bar away, or writes the last line.
    public mutating func finish() {
        switch style {
        case .none: break
        case .bar: if isShown { try? FileDescriptor.standardError.writeAll("\r\u{1b}[K") }
        case .json: show()
        }
    }

    private mutating func show() {
        isShown = true
        let text = style == .json ? Self.json(done, total) : "\r\u{1b}[K" + Self.bar(done, total)
        try? FileDescriptor.standardError.writeAll(text)
    }

    static func json(_ done: UInt64, _ total: UInt64?) -> String {
        let rest = total.map { ",\"total\":\($0)" } ?? ""
        return "{\"type\":\"progress\",\"done\":\(done)\(rest)}\n"
    }

    static func bar(_ done: UInt64, _ total: UInt64?) -> String {
        guard let total, total > 0 else { return size(done) }
        let percent = min(100, Int(Double(done) / Double(total) * 100))
        let filled = percent * 30 / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        return "[\(bar)] \(percent)% \(size(done)) of \(size(total))"
    }

    static func size(_ bytes: UInt64) -> String {
        var (value, unit) = (bytes, 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 10_240 && unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        return "\(value) \(units[unit])"
    }
}
