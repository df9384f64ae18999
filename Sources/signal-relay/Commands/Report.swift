internal import CLI
internal import JSON
internal import Platform

/// Objects as a person or a program wants them: a table of some members, or JSON Lines.
struct Report {
    private let console: Console
    private let columns: [String]
    private var rows: [[String]] = []

    init(_ console: Console, columns: [String]) {
        self.console = console
        self.columns = columns
    }

    mutating func add(_ object: JSON) throws {
        guard !console.prefersJSON else { return try console.print(object.encoded) }
        rows.append(columns.map { Self.text(of: object[$0]) })
    }

    /// Prints the table, where that is what is printed.
    func finish() throws {
        guard !console.prefersJSON, !rows.isEmpty else { return }
        let titles = columns.map { $0.uppercased() }
        let widths = columns.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        for row in [titles] + rows {
            let cells = zip(row, widths).map {
                $0 + String(repeating: " ", count: $1 - $0.count)
            }
            let line = cells.joined(separator: "  ")
            try console.print(String(line.reversed().drop { $0 == " " }.reversed()))
        }
    }

    private static func text(of value: JSON?) -> String {
        switch value {
        case nil, .null: "-"
        case .string(let text): escapedForTerminal(text)
        case .some(let value): value.text
        }
    }
}
