internal import Clock

/// Lines for the audit log, gathered so that a thousand cost the store one row.
///
/// A line holds what happened, when, to whom, from where, and numbers. Nothing a client wrote as
/// text ever comes into it.
struct AuditPage {
    private var lines: [UInt8] = []
    private var count = 0
    private var from: Timestamp?

    /// Lines wait no longer than this for company.
    private static let patience = Duration.seconds(1)

    mutating func add(
        _ event: String, at time: Timestamp, _ timeText: [UInt8], who: [UInt8], numbers: [UInt8]
    ) {
        if from == nil { from = time }
        lines.append(contentsOf: #"{"event":""#.utf8)
        lines.append(contentsOf: event.utf8)
        lines.append(contentsOf: #"","at":"#.utf8)
        lines.append(contentsOf: timeText)
        lines.append(contentsOf: who)
        lines.append(contentsOf: numbers)
        lines.append(contentsOf: "}\n".utf8)
        count += 1
    }

    func isDue(at time: Timestamp) -> Bool {
        guard let from else { return false }
        return lines.count >= Limits.auditPageByteCount || time >= from + Self.patience
            || time < from
    }

    mutating func take(until time: Timestamp) -> (lines: [UInt8], count: Int, from: Timestamp)? {
        guard let first = from else { return nil }
        defer { self = AuditPage() }
        return (lines, count, first)
    }
}
