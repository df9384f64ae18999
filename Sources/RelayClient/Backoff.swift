/// How long to wait before the next try: twice as long each time, up to a limit, and within the
/// upper half at random, so that clients that lost one relay do not all come back at once.
struct Backoff {
    static let first = Duration.milliseconds(100)
    static let longest = Duration.seconds(15)

    private var next = first

    mutating func delay(using generator: inout some RandomNumberGenerator) -> Duration {
        let full = next
        next = min(full * 2, Self.longest)
        return full / 2 + full / 2 * Double.random(in: 0...1, using: &generator)
    }

    /// A connection has stood.
    mutating func reset() { next = Self.first }
}
