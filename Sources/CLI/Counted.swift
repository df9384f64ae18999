/// So many of a thing, whose plural ends in s: `1 hour`, `2 hours`.
public func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}
