internal import Crypto

/// What others were sent of a mailbox while a client's connection was behind them there. The client
/// reads it in the store as well, and gets it from here where it has left that by then.
struct OwedRows {
    struct Item {
        let row: Int64
        let key: MessageKey?
        /// Nil where there was no room for it: then it is in the store, or lost to the client.
        var event: EventText?
        let delivery: Delivery
        var isInStore = true

        fileprivate var byteCount: Int { event?.byteCount ?? EventText.overhead }
    }

    /// By row, the lowest first.
    private var items: [Item] = []
    private(set) var byteCount = 0
    var isEmpty: Bool { items.isEmpty }

    /// - Parameters:
    ///   - count: items for whose events there is room.
    ///   - limit: bytes for which there is.
    mutating func add(_ item: Item, count: Int, byteCount limit: Int) {
        let place = (items.lastIndex { $0.row <= item.row }).map { $0 + 1 } ?? 0
        guard place == 0 || items[place - 1].row != item.row else { return }
        var item = item
        if items.count >= count || byteCount + item.byteCount > limit { item.event = nil }
        items.insert(item, at: place)
        byteCount += item.byteCount
    }

    /// Takes out all up to a row, with it.
    mutating func take(upTo row: Int64) -> [Item] {
        let taken = items.prefix { $0.row <= row }
        items.removeFirst(taken.count)
        byteCount -= taken.reduce(0) { $0 + $1.byteCount }
        return Array(taken)
    }

    /// These are not in the store any more.
    ///
    /// - Returns: whether any of them is lost by that.
    mutating func removed(where isRemoved: (_ row: Int64?, _ key: MessageKey?) -> Bool) -> Bool {
        for index in items.indices where isRemoved(items[index].row, items[index].key) {
            items[index].isInStore = false
        }
        let count = items.count
        items.removeAll { !$0.isInStore && $0.event == nil }
        byteCount -= (count - items.count) * EventText.overhead
        return items.count < count
    }
}
