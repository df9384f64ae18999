extension QRCode {
    /// Lines of half blocks with the light edge that readers want, drawn light on dark: two rows of
    /// modules a line.
    ///
    /// - Parameter colored: whether to set black and white, so that it does not depend on the
    ///   terminal's own colours; without, the terminal must be dark.
    public func lines(colored: Bool) -> [String] {
        let edge = 4
        func isLight(_ x: Int, _ y: Int) -> Bool {
            guard modules.indices.contains(y), modules.indices.contains(x) else { return true }
            return !modules[y][x]
        }
        return stride(from: -edge, to: Self.size + edge, by: 2).map { y in
            let line = (-edge..<Self.size + edge).map { x in
                switch (isLight(x, y), isLight(x, y + 1)) {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            }.joined()
            return colored ? "\u{1b}[97;40m\(line)\u{1b}[0m" : line
        }
    }
}
