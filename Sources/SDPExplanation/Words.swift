/// `1 thing`, `2 things`.
func counted(_ count: some BinaryInteger, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : thing.hasSuffix("s") ? "es" : "s")"
}

/// `a`, `a and b`, `a, b and c`.
func listed(_ items: some Collection<String>) -> String {
    let items = Array(items)
    guard items.count > 1, let last = items.last else { return items.first ?? "nothing" }
    return items.dropLast().joined(separator: ", ") + " and " + last
}
