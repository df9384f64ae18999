/// Columns as wide as what is in them, with two spaces between.
struct Table {
    private var rows: [[String]]

    init(_ titles: [String]) { rows = [titles] }

    mutating func add(_ row: [String]) { rows.append(row) }

    var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                line += text
                if column + 1 < row.count {
                    line += String(repeating: " ", count: widths[column] - text.count + 2)
                }
            }
            return line
        }
    }
}

/// Words with commas between, on lines of at most so many characters, each indented.
func wrapped(_ items: [String], indentation: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for (index, item) in items.enumerated() {
        let item = index + 1 < items.count ? item + "," : item
        if !line.isEmpty, indentation.count + line.count + 1 + item.count > width {
            lines.append(indentation + line)
            line = ""
        }
        line += (line.isEmpty ? "" : " ") + item
    }
    return line.isEmpty ? lines : lines + [indentation + line]
}
