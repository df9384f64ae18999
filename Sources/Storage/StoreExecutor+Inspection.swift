internal import CSQLite
internal import Clock
internal import Relay

extension StoreExecutor {
    func perform(_ operation: InspectionOperation) throws(SQLiteError) -> StoreResult {
        switch operation {
        case .queues(let receiver): .inspection(.queues(try queues(of: receiver)))
        case .purge(let receiver, let before): .removed(try purge(receiver, before: before))
        case .stored: .inspection(.stored(try stored()))
        case .auditPages(let after, let since):
            .inspection(.auditPages(try auditPages(after: after, since: since)))
        }
    }

    private func queues(of receiver: Int64?) throws(SQLiteError) -> [KeptQueue] {
        var queues: [KeptQueue] = []
        let statement = try database.prepare(
            """
            SELECT receiver, count(*), sum(length(sealed)), min(at), max(at) FROM message
            WHERE ?1 IS NULL OR receiver = ?1 GROUP BY receiver ORDER BY 3 DESC
            """)
        try statement.run(receiver.map { .integer($0) }) {
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
        _ receiver: Int64?, before: Timestamp?
    ) throws(SQLiteError) -> [Removal] {
        let condition = "WHERE (?1 IS NULL OR receiver = ?1) AND (?2 IS NULL OR at < ?2)"
        var removals: [Removal] = []
        let gone = try database.prepare(
            "SELECT receiver, count(*), sum(length(sealed)) FROM message \(condition)"
                + " GROUP BY receiver")
        let values = (
            receiver.map { Statement.Value.integer($0) },
            before.map { Statement.Value.integer($0.seconds) }
        )
        try gone.run(values.0, values.1) {
            let count = Int($0.integer(1))
            removals.append(
                Removal(
                    receiver: $0.integer(0), count: count,
                    byteCount: Int($0.integer(2)) - count * Self.sealingByteCount))
        }
        try database.prepare("DELETE FROM message \(condition)").run(values.0, values.1)
        return removals
    }
}
