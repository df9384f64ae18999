public import Clock
internal import Crypto
public import Identities
public import Platform
internal import Wire

/// The number of the next message of a sender, on disk: no two processes ever get the same one,
/// and a number that was given out does not come again after a crash either.
///
/// To wait for the disk once in many messages, numbers are set aside in blocks. The file
/// `sequence/FINGERPRINT` says which number is next and where the block ends. Only a new block is
/// brought to the disk; what is used of it is written and not waited for. That survives the end of
/// a process but not of the machine, so after a restart the rest of the block is passed over.
public struct SequenceCounter {
    private let directory: StateDirectory
    private let name: String
    private let boot: [UInt8]

    /// How many numbers are set aside beyond those that are asked for.
    private static let blockCount: UInt64 = 64

    /// - Parameter boot: names the time since the machine started.
    public init(
        of sender: Fingerprint, in state: StateDirectory = .state(),
        boot: [UInt8]? = bootIdentifier
    ) {
        directory = state.subdirectory("sequence")
        name = sender.description
        // An unknown start is like no other, so that every number is brought to the disk.
        self.boot = boot ?? randomBytes(16)
    }

    /// Reserves so many numbers in a row and gives the first.
    ///
    /// - Throws: `locked` where another process holds the lock too long, any other `FileError`
    ///   where the state cannot be kept.
    public func reserve(_ count: UInt64) throws(FileError) -> UInt64 {
        try directory.create()
        let cell = try StateCell(directory.path(of: name), byteCount: Block.byteCount)
        var block = Block(next: 1, end: 1, boot: [])
        if let bytes = try cell.read() {
            guard let written = Block(bytes) else {
                throw .cannotRead(cell.path, reason: "it is damaged")
            }
            block = written
        }
        let tag = Block.tag(of: boot)
        let first = block.boot == tag ? block.next : block.end
        let next = first + count
        let isWithin = block.boot == tag && next <= block.end
        let end = isWithin ? block.end : next + Self.blockCount
        try cell.write(Block(next: next, end: end, boot: tag).encoded, durably: !isWithin)
        return first
    }

    /// What to count by where the state cannot be kept: microseconds since 1970, which no counter
    /// reaches and which are past those of any earlier process.
    public static func withoutState(at now: Timestamp) -> UInt64 {
        UInt64(max(0, now.milliseconds)) * 1000
    }
}

/// What the file holds: two numbers, when they were written, and a check of all that.
private struct Block {
    static let byteCount = 40

    let next: UInt64
    /// The first number after the block.
    let end: UInt64
    let boot: [UInt8]

    init(next: UInt64, end: UInt64, boot: [UInt8]) {
        self.next = next
        self.end = end
        self.boot = boot
    }

    /// Nil where the check fails.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let next = try? reader.integer(UInt64.self),
            let end = try? reader.integer(UInt64.self), let boot = try? reader.bytes(16),
            next <= end, end < 1 << 53
        else { return nil }
        self.init(next: next, end: end, boot: Array(boot))
        guard encoded == bytes else { return nil }
    }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.integer(next)
        writer.integer(end)
        writer.append(boot)
        return writer.bytes + SHA256.hash(writer.bytes).prefix(8)
    }

    static func tag(of boot: [UInt8]) -> [UInt8] { Array(SHA256.hash(boot).prefix(16)) }
}
