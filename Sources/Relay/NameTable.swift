/// Byte strings with a number for each, looked up by a slice of a message without copying it.
///
/// Open addressing with linear probing. The hash is Swift's, seeded anew in each process, so that
/// nobody can choose names that collide.
struct NameTable {
    private struct Slot {
        var name: [UInt8] = []
        var hash = 0
        var number = empty
    }

    private static let empty = -1
    private static let removed = -2
    private static let smallestCount = 64

    private var slots = Array(repeating: Slot(), count: smallestCount)
    /// Slots that are not empty, the removed ones included.
    private var occupied = 0
    private(set) var count = 0

    subscript(_ name: ArraySlice<UInt8>) -> Int? {
        find(name, hash: Self.hash(name)).map { slots[$0].number }
    }

    /// - Precondition: the name is not in the table, and the number is not negative.
    mutating func insert(_ name: [UInt8], _ number: Int) {
        if (occupied + 1) * 4 > slots.count * 3 { rebuild() }
        place(Slot(name: name, hash: Self.hash(name[...]), number: number))
        count += 1
    }

    mutating func remove(_ name: ArraySlice<UInt8>) {
        guard let at = find(name, hash: Self.hash(name)) else { return }
        slots[at] = Slot(number: Self.removed)
        count -= 1
    }

    private static func hash(_ name: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private func find(_ name: ArraySlice<UInt8>, hash: Int) -> Int? {
        var at = hash & (slots.count - 1)
        while slots[at].number != Self.empty {
            if slots[at].hash == hash, slots[at].number >= 0, slots[at].name.elementsEqual(name) {
                return at
            }
            at = (at &+ 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func place(_ slot: Slot) {
        var at = slot.hash & (slots.count - 1)
        while slots[at].number >= 0 { at = (at &+ 1) & (slots.count - 1) }
        if slots[at].number == Self.empty { occupied += 1 }
        slots[at] = slot
    }

    private mutating func rebuild() {
        let old = slots
        var size = Self.smallestCount
        while size < (count + 1) * 2 { size *= 2 }
        slots = Array(repeating: Slot(), count: size)
        occupied = 0
        for slot in old where slot.number >= 0 { place(slot) }
    }
}
