public import Clock
public import Identities
public import Platform

/// The number of the next message of a sender, on disk: no two processes ever get the same one,
/// and a number that was given out does not come again after a crash either.
///
/// The file `sequence/FINGERPRINT` is appended to, a line of text with the next free number each
/// time, and the highest counts; a line that a crash cut short is a lower number.
public struct SequenceCounter {
    private let directory: StateDirectory
    private let name: String

    /// From this size on the file is written anew with its last line alone.
    private static let compactionByteCount = 4096

    public init(of sender: Fingerprint, in state: StateDirectory = .state()) {
        directory = state.subdirectory("sequence")
        name = sender.description
    }

    /// Reserves so many numbers in a row, durably, and gives the first.
    ///
    /// - Throws: `FileError`; `locked` where another process holds the lock too long, anything else
    ///   where the state cannot be kept.
    public func reserve(_ count: UInt64) throws(FileError) -> UInt64 {
        let lock = try directory.lock("\(name).lock")
        defer { withExtendedLifetime(lock) {} }
        let text = try directory.read(name) ?? []
        let first =
            text.split(separator: 0x0a)
            .compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }.max() ?? 1
        let line = Array("\n\(first + count)\n".utf8)
        if text.count >= Self.compactionByteCount {
            try directory.replace(name, with: line)
        } else {
            try Journal(directory.path(of: name)).append(line)
        }
        return first
    }

    /// What to count by where the state cannot be kept: microseconds since 1970, which no counter
    /// reaches and which are past those of any earlier process.
    public static func withoutState(at now: Timestamp) -> UInt64 {
        UInt64(max(0, now.milliseconds)) * 1000
    }
}
