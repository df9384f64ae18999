internal import CSQLite
internal import Clock
internal import Relay

// What is in the database, whatever tables it has: nothing is left out because it is new.

extension StoreExecutor {
    /// Bytes of lines that are read at once, unless a single page has more.
    private static let auditByteCount = 1 << 20
    /// Columns that say when a row was made, the best one first.
    private static let timeColumns = ["at", "started", "created", "first", "last_part", "issued"]

    func stored() throws(SQLiteError) -> [StoredKind] {
        var tables: [String] = []
        try database.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                + " ORDER BY name"
        ).run { tables.append($0.text(0) ?? "") }
        var kinds: [StoredKind] = []
        for table in tables { kinds.append(try kind(table)) }
        return kinds
    }

    private func kind(_ table: String) throws(SQLiteError) -> StoredKind {
        var columns: [(name: String, isText: Bool)] = []
        try database.prepare("SELECT name, type FROM pragma_table_info('\(table)')").run {
            columns.append(($0.text(0) ?? "", ["TEXT", "BLOB"].contains($0.text(1) ?? "")))
        }
        let sizes = columns.filter(\.isText).map {
            "ifnull(length(CAST(\"\($0.name)\" AS BLOB)), 0)"
        }
        let size = sizes.isEmpty ? "0" : "ifnull(sum(\(sizes.joined(separator: " + "))), 0)"
        let time = Self.timeColumns.first { name in columns.contains { $0.name == name } }
        // A page of the audit log has many lines.
        let count = table == "audit" ? "ifnull(sum(count), 0)" : "count(*)"
        let ages = time.map { "min(\"\($0)\"), max(\"\($0)\")" } ?? "NULL, NULL"
        var kind = StoredKind(name: table, count: 0, byteCount: 0, oldest: nil, newest: nil)
        try database.prepare("SELECT \(count), \(size), \(ages) FROM \"\(table)\"").run {
            kind = StoredKind(
                name: table, count: Int($0.integer(0)), byteCount: Int($0.integer(1)),
                oldest: $0.isNull(2) ? nil : Self.time($0.integer(2)),
                newest: $0.isNull(3) ? nil : Self.time($0.integer(3)))
        }
        return kind
    }

    /// Tables keep seconds or milliseconds; the year 5000 in seconds comes before 1973 in the other.
    private static func time(_ number: Int64) -> Timestamp {
        number < 100_000_000_000 ? Timestamp(seconds: number) : Timestamp(milliseconds: number)
    }

    func auditPages(after: Int64, since: Timestamp) throws(SQLiteError) -> [StoredAuditPage] {
        var pages: [StoredAuditPage] = []
        var room = Self.auditByteCount
        let statement = try database.prepare(
            "SELECT id, lines FROM audit WHERE id > ? AND last >= ? ORDER BY id LIMIT 64")
        try statement.run(.integer(after), .integer(since.milliseconds)) {
            guard room > 0 else { return }
            let page = StoredAuditPage(number: $0.integer(0), lines: $0.blob(1))
            room -= page.lines.count
            pages.append(page)
        }
        return pages
    }
}
