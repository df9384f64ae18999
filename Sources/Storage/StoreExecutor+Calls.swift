internal import Clock
internal import Relay

/// The statements of the call log.
struct CallStatements {
    let put: Statement
    let list: Statement

    init(_ database: Database) throws(SQLiteError) {
        put = try database.prepare(
            "INSERT OR REPLACE INTO call"
                + " (id, caller, receiver, type, status, duration, started, ended)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        // Each half reads an index backwards and stops: a long log costs no more than a short one.
        func half(_ role: String) -> String {
            "SELECT * FROM (SELECT * FROM call WHERE \(role) = ?1 AND id < ?2"
                + " ORDER BY id DESC LIMIT ?3)"
        }
        list = try database.prepare(
            "SELECT id, caller, receiver, type, status, duration, started, ended FROM ("
                + half("caller") + " UNION " + half("receiver") + ") ORDER BY id DESC LIMIT ?3")
    }
}

extension StoreExecutor {
    func perform(_ operation: CallOperation) throws(SQLiteError) -> StoreResult {
        switch operation {
        case .put(let call):
            try statements.calls.put.run(
                .integer(call.id), .integer(call.caller), .integer(call.receiver),
                .text(call.type), .text(call.status.rawValue), call.duration.map { .integer($0) },
                .integer(call.startedAt.milliseconds),
                call.endedAt.map { .integer($0.milliseconds) })
            return .done
        case .list(let account, let before, let count):
            var calls: [CallRecord] = []
            try statements.calls.list.run(
                .integer(account), .integer(before ?? .max), .integer(Int64(count))
            ) { calls.append(CallRecord($0)) }
            return .calls(.list(calls))
        }
    }

    /// Calls that were under way when the relay ended: nobody knows how they went on.
    func closeCalls(at now: Timestamp) throws(SQLiteError) {
        try database.execute(
            """
            UPDATE call SET status = '\(CallStatus.dropped.rawValue)', ended = \(now.milliseconds),
            duration = ifnull(duration, 0) WHERE ended IS NULL
            """)
    }

    func expireCalls(before oldest: Timestamp) throws(SQLiteError) {
        try database.execute("DELETE FROM call WHERE id < \(CallRecord.lowestID(at: oldest))")
    }
}

extension CallRecord {
    /// - Parameter row: the columns of `CallStatements.list`.
    fileprivate init(_ row: Statement) {
        self.init(
            id: row.integer(0), caller: row.integer(1), receiver: row.integer(2),
            type: row.text(3) ?? "", status: row.text(4).flatMap(CallStatus.init) ?? .dropped,
            duration: row.isNull(5) ? nil : row.integer(5),
            startedAt: Timestamp(milliseconds: row.integer(6)),
            endedAt: row.isNull(7) ? nil : Timestamp(milliseconds: row.integer(7)))
    }
}
