/// Where a member of an object stands in the text it was read from.
public struct JSONMember: Equatable, Sendable {
    /// The name as it stands between the quotes.
    public let name: Range<Int>
    /// Whether the name has escapes, which may hide what it is.
    public let nameHasEscapes: Bool
    public let value: Range<Int>
}
