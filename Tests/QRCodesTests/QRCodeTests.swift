import QRCodes
import Support
import Testing

@Suite struct QRCodeTests {
    /// Agrees with what segno 1.6 makes with the same mask.
    static let known = """
        #######..#.##.#...#######
        #.....#.....#..#..#.....#
        #.###.#.####..##..#.###.#
        #.###.#.####..###.#.###.#
        #.###.#.##..#####.#.###.#
        #.....#.##.#...##.#.....#
        #######.#.#.#.#.#.#######
        ........#....###.........
        #.#####...#..#.##.#####..
        #..#.....#...#...#...#...
        .##..######.#..#...#..#.#
        #..#....#.#####....#.#.#.
        #.#.#.##.#..##.##......##
        ##.#.#..#...###.#...#..#.
        #..#..#.#.#.#..##.###....
        #...#....#..#....#..##.#.
        #.##..###...#.#.######.##
        ........#...#.#.#...##..#
        #######..#.###..#.#.#.#.#
        #.....#.####.##.#...##.#.
        #.###.#.##.#.#.######..#.
        #.###.#.#.#..#.#.###....#
        #.###.#.####.#.###..#...#
        #.....#....#...###..#####
        #######.##...#..###.#...#
        """

    @Test func isWhatAnotherEncoderMakes() throws {
        let digits = String(repeating: "1234567890", count: 6)
        let code = try #require(QRCode(digits: digits))
        let text = code.modules.map { row in row.map { $0 ? "#" : "." }.joined() }
        #expect(text.joined(separator: "\n") == Self.known)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func keepsItsCornersWhateverTheDigits(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 1...63, using: &random)
        let digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
        let modules = try #require(QRCode(digits: digits)).modules
        for (x, y) in [(0, 0), (18, 0), (0, 18)] {
            #expect(modules[y][x..<x + 7].allSatisfy { $0 })
            let second = modules[y + 1][x..<x + 7].map { $0 }
            #expect(second == [true, false, false, false, false, false, true])
        }
        #expect(modules[17][8])
    }

    @Test(arguments: ["", "12a", String(repeating: "1", count: 64), "-1", "１"])
    func refusesWhatIsNoNumberOrTooLong(text: String) {
        #expect(QRCode(digits: text) == nil)
    }

    @Test func showsTheLightEdge() throws {
        let lines = try #require(QRCode(digits: "1")).lines(colored: false)
        #expect(lines.count == 17 && lines.allSatisfy { $0.count == 33 })
        #expect(lines[0] == String(repeating: "█", count: 33))
    }
}
