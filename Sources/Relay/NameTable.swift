/// Byte strings with a number for each, looked up by a slice of a message without copying it.
///
/// Open addressing with linear probing. The hash multiplies words with a key that is random in each
/// process and never leaves it, so that nobody can choose names that collide.
struct NameTable {
    private struct Slot {
        var name: [UInt8] = []
        var hash = 0
        var number = empty
    }

    private static let empty = -1
    private static let removed = -2
    private static let smallestCount = 64

    private let hashing = NameHash()
    private var slots = Array(repeating: Slot(), count: smallestCount)
    /// Slots that are not empty, the removed ones included.
    private var occupied = 0
    private(set) var count = 0

    subscript(_ name: ArraySlice<UInt8>) -> Int? {
        guard let at = find(name, hash: hashing.hash(name)) else { return nil }
        return slots[at].number
    }

    /// - Precondition: the name is not in the table, and the number is not negative.
    mutating func insert(_ name: [UInt8], _ number: Int) {
        if (occupied + 1) * 4 > slots.count * 3 { rebuild() }
        place(Slot(name: name, hash: hashing.hash(name[...]), number: number))
        count += 1
    }

    mutating func remove(_ name: ArraySlice<UInt8>) {
        guard let at = find(name, hash: hashing.hash(name)) else { return }
        slots[at] = Slot(number: Self.removed)
        count -= 1
    }

    private func find(_ name: ArraySlice<UInt8>, hash: Int) -> Int? {
        var at = hash & (slots.count - 1)
        while slots[at].number != Self.empty {
            if slots[at].hash == hash, slots[at].number >= 0, areEqual(slots[at].name, name) {
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

/// A keyed hash of short byte strings, eight bytes at a step: each word is multiplied with a secret
/// to 128 bits, whose halves are put together.
private struct NameHash {
    private static let key = (
        start: UInt64.random(in: 1 ... .max), factor: UInt64.random(in: 1 ... .max) | 1
    )
    private let start = key.start
    private let factor = key.factor

    func hash(_ name: ArraySlice<UInt8>) -> Int {
        unsafe name.withUnsafeBytes { bytes in
            var hash = mixed(start ^ UInt64(truncatingIfNeeded: bytes.count))
            guard bytes.count >= 8 else {
                let word = unsafe bytes.reduce(0) { $0 << 8 | UInt64($1) }
                return Int(truncatingIfNeeded: mixed(hash ^ word))
            }
            var at = 0
            // The last step may take bytes again, so names of one length differ in their words.
            let last = bytes.count &- 8
            while true {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                hash = mixed(hash ^ word)
                if at == last { return Int(truncatingIfNeeded: hash) }
                at = min(at &+ 8, last)
            }
        }
    }

    private func mixed(_ word: UInt64) -> UInt64 {
        let (high, low) = word.multipliedFullWidth(by: factor)
        return (high ^ low) &+ start
    }
}

private func areEqual(_ a: [UInt8], _ b: ArraySlice<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe a.withUnsafeBytes { a in
        unsafe b.withUnsafeBytes { b in
            guard a.count >= 8 else { return unsafe a.elementsEqual(b) }
            var at = 0
            let last = a.count &- 8
            while true {
                let one = unsafe a.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                guard unsafe one == b.loadUnaligned(fromByteOffset: at, as: UInt64.self) else {
                    return false
                }
                if at == last { return true }
                at = min(at &+ 8, last)
            }
        }
    }
}
