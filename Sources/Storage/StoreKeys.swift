internal import Clock
internal import Crypto
internal import Failures
internal import Glibc
internal import Platform

/// The storage layer's keys, one for each hour, in a file of their own (0600).
///
/// The file is 64-byte slots: the hour since 1970 (8 bytes, big endian), the key (32), the first
/// 8 bytes of SHA-256 over both, and zeros; a slot of zeros is free. Slots are overwritten where
/// they stand, so that an erased key is gone and no older copy of the file lies about.
final class StoreKeys {
    private static let slotByteCount = 64
    private static let keyByteCount = 32
    private static let checkByteCount = 8
    /// Slots that a file may have: more hours than the longest retention, for queue and history.
    private static let maximumSlotCount = 2 * 24 * 400
    /// Added to the hour of a key for the history, whose keys live longer than the queue's.
    static let historyBase: Int64 = 1 << 40

    private let path: String
    private let descriptor: FileDescriptor
    private var slots: [(hour: Int64, key: SharedSecret)?] = []

    init(_ path: String) throws(StorageError) {
        self.path = path
        do throws(FileError) { try Self.checkMode(path) } catch {
            throw .keyFile(path, reason: error.message, kind: error.kind)
        }
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else {
            throw .keyFile(
                path, reason: SystemError("open \"\(path)\"").message, kind: .cannotCreate)
        }
        descriptor = FileDescriptor(owning: number)
        try load()
    }

    /// A file that others can read keeps nothing secret.
    private static func checkMode(_ path: String) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(path, mode: status.st_mode & 0o777)
        }
    }

    private func load() throws(StorageError) {
        var status = stat()
        fstat(descriptor.number, &status)
        let size = Int(status.st_size)
        guard size % Self.slotByteCount == 0, size <= Self.maximumSlotCount * Self.slotByteCount
        else { throw .badKeyFile(path) }
        for index in 0..<size / Self.slotByteCount {
            var bytes = [UInt8](repeating: 0, count: Self.slotByteCount)
            defer { wipe(&bytes) }
            let offset = off_t(index * Self.slotByteCount)
            guard pread(descriptor.number, &bytes, bytes.count, offset) == bytes.count else {
                throw .badKeyFile(path)
            }
            slots.append(try parse(bytes))
        }
    }

    private func parse(_ bytes: [UInt8]) throws(StorageError) -> (hour: Int64, key: SharedSecret)? {
        if bytes.allSatisfy({ $0 == 0 }) { return nil }
        let end = 8 + Self.keyByteCount
        let check = SHA256.hash(Array(bytes[..<end])).prefix(Self.checkByteCount)
        guard bytes[end..<end + Self.checkByteCount].elementsEqual(check) else {
            throw .badKeyFile(path)
        }
        let hour = bytes[..<8].reduce(0) { $0 << 8 | Int64($1) }
        var key = Array(bytes[8..<end])
        return (hour, SharedSecret(SecretBytes(moving: &key)))
    }

    /// How many hours have keys.
    var count: Int { slots.count { $0 != nil } }

    /// The key of an hour; nil where it was erased, or never was.
    func key(for hour: Int64) -> SharedSecret? {
        for slot in slots { if let slot, slot.hour == hour { return slot.key } }
        return nil
    }

    /// The key of an hour, made and written to the disk if there is none.
    func makeKey(for hour: Int64) throws(SystemError) -> SharedSecret {
        if let key = key(for: hour) { return key }
        let key = SharedSecret(SecretBytes.random(count: Self.keyByteCount))
        let index = slots.firstIndex { $0 == nil } ?? slots.count
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: hour >> Int64(56 - 8 * $0)) }
        key.bytes.withBytes { bytes += $0 }
        bytes += SHA256.hash(bytes).prefix(Self.checkByteCount)
        bytes += [UInt8](repeating: 0, count: Self.slotByteCount - bytes.count)
        defer { wipe(&bytes) }
        try write(bytes, at: index)
        if index == slots.count { slots.append(nil) }
        slots[index] = (hour, key)
        return key
    }

    /// Erases the keys of these hours, on the disk too.
    func eraseKeys(of hours: Range<Int64>) throws(SystemError) {
        for (index, slot) in slots.enumerated() {
            guard let slot, hours.contains(slot.hour) else { continue }
            try write([UInt8](repeating: 0, count: Self.slotByteCount), at: index)
            slots[index] = nil
        }
    }

    private func write(_ bytes: [UInt8], at index: Int) throws(SystemError) {
        let offset = off_t(index * Self.slotByteCount)
        guard pwrite(descriptor.number, bytes, bytes.count, offset) == bytes.count,
            fsync(descriptor.number) == 0
        else { throw SystemError("write \"\(path)\"") }
    }
}

extension Timestamp {
    /// Whole hours since 1970.
    var hour: Int64 { seconds / 3600 }
}
