// Whole numbers, whose rest is dropped: a quotient of durations is a Double, and comes out short.

extension Duration {
    @inlinable public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }

    @inlinable public var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }

    @inlinable public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }
}

extension Instant {
    /// Whole milliseconds since the origin.
    @inlinable public var milliseconds: Int64 { sinceOrigin.milliseconds }

    @inlinable public init(milliseconds: Int64) {
        self.init(sinceOrigin: .milliseconds(milliseconds))
    }
}
