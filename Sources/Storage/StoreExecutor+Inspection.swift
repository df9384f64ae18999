internal import CSQLite
internal import Clock
internal import Relay

extension StoreExecutor {
    func perform(_ operation: InspectionOperation) throws(SQLiteError) -> StoreResult {
        switch operation {
        case .queues(let receivers): .inspection(.queues(try queues(of: receivers)))
        case .purge(let receivers, let before): .removed(try purge(receivers, before: before))
        case .stored: .inspection(.stored(try stored()))
        case .auditPages(let after, let since):
            .inspection(.auditPages(try auditPages(after: after, since: since)))
        }
    }

    private static func condition(_ receivers: [Int64]?) -> String {
        guard let receivers else { return isNotOwed }
        return "\(isNotOwed) AND receiver IN (\(receivers.map { "\($0)" }.joined(separator: ",")))"
    }

    private func queues(of receivers: [Int64]?) throws(SQLiteError) -> [KeptQueue] {
        var queues: [KeptQueue] = []
        let statement = try database.prepare(
            """
            SELECT receiver, count(*), sum(length(sealed)), min(at), max(at) FROM message
            WHERE \(Self.condition(receivers)) GROUP BY receiver ORDER BY 3 DESC
            """)
        try statement.run {
            let count = Int($0.integer(1))
            queues.append(
                KeptQueue(
                    receiver: $0.integer(0), count: count,
                    byteCount: Int($0.integer(2)) - count * Self.sealingByteCount,
                    oldest: Timestamp(seconds: $0.integer(3)),
                    newest: Timestamp(seconds: $0.integer(4))))
        }
        return queues
    }

    private func purge(
        _ receivers: [Int64]?, before: Timestamp?
    ) throws(SQLiteError) -> [Removal] {
        let condition = "WHERE \(Self.condition(receivers)) AND (?1 IS NULL OR at < ?1)"
        var removals: [Removal] = []
        let gone = try database.prepare(
            "SELECT receiver, count(*), sum(length(sealed)) FROM message \(condition)"
                + " GROUP BY receiver")
        let before = before.map { Statement.Value.integer($0.seconds) }
        try gone.run(before) {
            let count = Int($0.integer(1))
            removals.append(
                Removal(
                    receiver: $0.integer(0), count: count,
                    byteCount: Int($0.integer(2)) - count * Self.sealingByteCount))
        }
        try database.prepare("DELETE FROM message \(condition)").run(before)
        return removals
    }
}
