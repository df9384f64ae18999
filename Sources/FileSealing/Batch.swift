internal import Crypto

/// The memory of one worker. Pages are not touched before they are used, so a small file costs
/// little; they are wiped in the end.
final class Batch {
    /// Input and output of a batch just fit into the cache of a core, and waiting for turns costs
    /// less than with smaller batches. A live pipe need not fill one.
    static let chunkCount = 4
    /// Reads into memory that begins with a page cost less.
    private static let alignment = 4096

    let bytes: UnsafeMutableBufferPointer<UInt8>
    /// How many of the bytes were used at most.
    private var highest = 0
    /// How many of them count.
    var count = 0 {
        didSet { highest = max(highest, count) }
    }

    init(byteCount: Int) {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: byteCount, alignment: Self.alignment)
        bytes = memory.bindMemory(to: UInt8.self)
    }

    var isFull: Bool { count == bytes.count }

    var filled: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<count]))
    }

    /// What is still free.
    var room: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[count...]))
    }

    func slice(_ range: Range<Int>) -> UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(rebasing: bytes[range])
    }

    func replace(with start: [UInt8]) {
        count = 0
        start.withUnsafeBytes { room.copyMemory(from: $0) }
        count = start.count
    }

    deinit {
        wipe(UnsafeMutableRawBufferPointer(slice(0..<highest)))
        bytes.deallocate()
    }
}
