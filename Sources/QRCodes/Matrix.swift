/// The square of modules while it is made.
struct Matrix {
    private static let size = QRCode.size
    private(set) var modules = [[Bool]](
        repeating: [Bool](repeating: false, count: size), count: size)
    /// Modules that the standard fixes, which carry no data and are not masked.
    private var isFixed = [[Bool]](repeating: [Bool](repeating: false, count: size), count: size)

    init() {
        for index in 0..<Self.size {
            set(6, index, index % 2 == 0)
            set(index, 6, index % 2 == 0)
        }
        for (x, y) in [(3, 3), (Self.size - 4, 3), (3, Self.size - 4)] { finder(x, y) }
        alignment(18, 18)
        // The places of the format, filled in when the mask is known, and the dark module.
        placeFormat(0)
    }

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        modules[y][x] = isDark
        isFixed[y][x] = true
    }

    /// The pattern in three corners, with its light edge.
    private mutating func finder(_ centerX: Int, _ centerY: Int) {
        for dy in -4...4 {
            for dx in -4...4 {
                let (x, y) = (centerX + dx, centerY + dy)
                guard (0..<Self.size).contains(x), (0..<Self.size).contains(y) else { continue }
                let distance = max(abs(dx), abs(dy))
                set(x, y, distance != 2 && distance != 4)
            }
        }
    }

    private mutating func alignment(_ centerX: Int, _ centerY: Int) {
        for dy in -2...2 {
            for dx in -2...2 { set(centerX + dx, centerY + dy, max(abs(dx), abs(dy)) != 1) }
        }
    }

    /// Level M and the mask, twice, as a BCH code (section 7.9).
    private mutating func placeFormat(_ mask: Int) {
        let levelM = 0b00
        let data = levelM << 3 | mask
        var remainder = data
        for _ in 0..<10 { remainder = remainder << 1 ^ (remainder >> 9) * 0x537 }
        let bits = (data << 10 | remainder) ^ 0x5412
        func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0...5 { set(8, index, bit(index)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for index in 9..<15 { set(14 - index, 8, bit(index)) }
        for index in 0..<8 { set(Self.size - 1 - index, 8, bit(index)) }
        for index in 8..<15 { set(8, Self.size - 15 + index, bit(index)) }
        set(8, Self.size - 8, true)
    }

    /// Two columns at a time from the right, up and down in turn (section 7.7.3).
    mutating func place(_ codewords: [UInt8]) {
        var index = 0
        var right = Self.size - 1
        var goesUp = true
        while right >= 1 {
            if right == 6 { right = 5 }
            for step in 0..<Self.size {
                let y = goesUp ? Self.size - 1 - step : step
                for x in [right, right - 1] where !isFixed[y][x] && index < codewords.count * 8 {
                    modules[y][x] = codewords[index / 8] >> UInt8(7 - index % 8) & 1 == 1
                    index += 1
                }
            }
            goesUp.toggle()
            right -= 2
        }
    }

    func masked(_ mask: Int) -> Matrix {
        var result = self
        for y in 0..<Self.size {
            for x in 0..<Self.size where !isFixed[y][x] && Self.inverts(mask, x, y) {
                result.modules[y][x].toggle()
            }
        }
        result.placeFormat(mask)
        return result
    }

    /// Section 7.8.2, with the row as i and the column as j.
    private static func inverts(_ mask: Int, _ j: Int, _ i: Int) -> Bool {
        switch mask {
        case 0: (i + j) % 2 == 0
        case 1: i % 2 == 0
        case 2: j % 3 == 0
        case 3: (i + j) % 3 == 0
        case 4: (i / 2 + j / 3) % 2 == 0
        case 5: i * j % 2 + i * j % 3 == 0
        case 6: (i * j % 2 + i * j % 3) % 2 == 0
        default: ((i + j) % 2 + i * j % 3) % 2 == 0
        }
    }
}

// Section 7.8.3: what makes a code hard to read.
extension Matrix {
    var penalty: Int {
        let columns = (0..<Self.size).map { x in modules.map { $0[x] } }
        return (modules + columns).reduce(0) { $0 + Self.penalty(of: $1) } + blocks + imbalance
    }

    private static let finderLike: [[Bool]] = {
        let finder = [true, false, true, true, true, false, true]
        let light = [Bool](repeating: false, count: 4)
        return [finder + light, light + finder]
    }()

    /// Runs of five and more, and what looks like a corner.
    private static func penalty(of line: [Bool]) -> Int {
        var (points, run) = (0, 0)
        for index in line.indices {
            run = index > 0 && line[index] == line[index - 1] ? run + 1 : 1
            if run == 5 { points += 3 } else if run > 5 { points += 1 }
        }
        for start in 0...(line.count - 11)
        where finderLike.contains(Array(line[start..<start + 11])) {
            points += 40
        }
        return points
    }

    /// Squares of four alike.
    private var blocks: Int {
        var points = 0
        for y in 1..<Self.size {
            for x in 1..<Self.size {
                let color = modules[y][x]
                if modules[y - 1][x] == color, modules[y][x - 1] == color,
                    modules[y - 1][x - 1] == color
                {
                    points += 3
                }
            }
        }
        return points
    }

    /// How far the dark modules are from half of all, in steps of 5 %.
    private var imbalance: Int {
        let dark = modules.reduce(0) { $0 + $1.filter { $0 }.count }
        let total = Self.size * Self.size
        return abs(dark * 20 - total * 10) / total * 10
    }
}
