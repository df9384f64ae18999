/// Where a connection tells what it does, for a person to read.
public struct Story {
    /// What a person who waits wants to know.
    public var note: (String) -> Void
    /// What a person must know.
    public var warn: (String) -> Void
    /// What `-v` shows.
    public var detail: (String) -> Void

    public init(
        note: @escaping (String) -> Void, warn: @escaping (String) -> Void,
        detail: @escaping (String) -> Void
    ) {
        self.note = note
        self.warn = warn
        self.detail = detail
    }
}
