/// Puts the lines of a section into order: by the place each had, and new ones behind the one that
/// stands before them in their list, or where RFC 8866 section 5 has lines of their type.
struct LineOrder {
    private struct Entry {
        let line: Line
        /// The place of the line, or of its neighbour in the list.
        let number: Int
        /// 0 for the line that has the place, else before or after it.
        let step: Int
    }

    private var placed: [Entry] = []
    private var unplaced: [(line: Line, rank: Int)] = []

    /// The lines of one list, in its order; nil where they are of no type or of several.
    mutating func add(_ lines: [PlacedLine], of type: LineType?) {
        guard let first = lines.firstIndex(where: { $0.number != nil }),
            let start = lines[first].number
        else {
            let rank = type?.rank ?? Int.max
            unplaced.append(contentsOf: lines.map { ($0.line, rank) })
            return
        }
        var (number, step) = (start, -first)
        for line in lines {
            if let own = line.number { (number, step) = (own, 0) }
            placed.append(Entry(line: line.line, number: number, step: step))
            step &+= 1
        }
    }

    mutating func sorted(isMedia: Bool) -> [Line] {
        let isMediaLine = { (line: Line) in isMedia && line.type == .media }
        // Swift's sort keeps what is equal in order.
        placed.sort { a, b in
            let (first, second) = (isMediaLine(a.line), isMediaLine(b.line))
            return first == second ? (a.number, a.step) < (b.number, b.step) : first
        }
        unplaced.sort { $0.rank < $1.rank }
        return merged()
    }

    /// Each unplaced line goes behind the last placed one whose type comes before its own.
    private func merged() -> [Line] {
        var ends = Array(repeating: 0, count: LineType.known.count)
        for (index, entry) in placed.enumerated() {
            if let type = entry.line.type, type.isKnown { ends[type.rank] = index &+ 1 }
        }
        for rank in ends.indices.dropFirst() { ends[rank] = max(ends[rank], ends[rank &- 1]) }
        var lines: [Line] = []
        lines.reserveCapacity(placed.count + unplaced.count)
        var next = 0
        for (line, rank) in unplaced {
            let end = rank < ends.count ? ends[rank] : placed.count
            while next < end {
                lines.append(placed[next].line)
                next &+= 1
            }
            lines.append(line)
        }
        return lines + placed[next...].map(\.line)
    }
}
