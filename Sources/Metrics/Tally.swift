/// Counters that differ by one label, whose values are known beforehand: an array, so that counting
/// is an addition.
public struct Tally: Sendable {
    public let names: [String]
    public private(set) var counts: [UInt64]

    public init(_ names: [String]) {
        self.names = names
        counts = Array(repeating: 0, count: names.count)
    }

    /// Counts one; nothing for an index that has no name.
    public mutating func count(_ index: Int, _ amount: UInt64 = 1) {
        guard counts.indices.contains(index) else { return }
        counts[index] &+= amount
    }

    /// Two indices may have one name; their counts are one sample then.
    public var byName: [(name: String, count: UInt64)] {
        var sums: [(name: String, count: UInt64)] = []
        var places: [String: Int] = [:]
        for (name, count) in zip(names, counts) {
            if let place = places[name] {
                sums[place].count &+= count
            } else {
                places[name] = sums.count
                sums.append((name, count))
            }
        }
        return sums
    }
}

/// Counters that differ by a label whose values turn up as they happen, for what is rare: refusals,
/// ends of connections. At most so many; what more there are is counted as `other`.
public struct SparseTally: Sendable, Equatable {
    public static let maximumCount = 200
    public private(set) var counts: [String: UInt64] = [:]

    public init() {}

    public mutating func count(_ name: String, _ amount: UInt64 = 1) {
        let isKnown = counts[name] != nil || counts.count < Self.maximumCount
        counts[isKnown ? name : "other", default: 0] &+= amount
    }

    public var byName: [(name: String, count: UInt64)] {
        counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
