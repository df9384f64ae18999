import Metrics
import Support
import Testing

@Suite("Histograms") struct HistogramTests {
    @Test("A value falls into the first bucket whose bound is not below it") func buckets() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<1000 {
            let value = generator.next() >> UInt64.random(in: 30...63, using: &generator)
            var histogram = Histogram(powers: 2...10)
            histogram.observe(value)
            let place = histogram.bounds.firstIndex { value <= $0 } ?? histogram.bounds.count
            #expect(histogram.counts.firstIndex(of: 1) == place, "\(value)")
        }
    }

    @Test("Bounds and extremes") func extremes() {
        var histogram = Histogram(powers: 0...3)
        #expect(histogram.bounds == [1, 2, 4, 8])
        for value: UInt64 in [0, 1, 2, 3, 4, 8, 9, .max] { histogram.observe(value) }
        #expect(histogram.counts == [2, 1, 2, 1, 2])
        histogram.observe(8, weight: 3)
        #expect(histogram.counts[3] == 4)
        #expect(histogram.count == 11)
    }
}

@Suite("Tallies") struct TallyTests {
    @Test("Places with one name are one sample") func names() {
        var tally = Tally(["a", "b", "a"])
        for index in [0, 1, 2, 2, 3, -1] { tally.count(index) }
        #expect(tally.byName.map { "\($0.name)\($0.count)" } == ["a3", "b1"])
    }

    @Test("Names that turn up are limited") func limit() {
        var tally = SparseTally()
        for number in 0..<1000 { tally.count("n\(number)") }
        #expect(tally.byName.count == SparseTally.maximumCount + 1)
        #expect(tally.counts["other"] == 800)
    }
}

@Suite("The text format") struct WriterTests {
    @Test("Families, labels and escapes") func text() {
        var writer = MetricsWriter()
        writer.family("a_total", .counter, "Two \\ lines\nand \"quotes\".")
        writer.sample(1, ("code", "x\"y\\z\nw"))
        writer.single("b", .gauge, -3, "B.")
        #expect(
            writer.text == """
                # HELP a_total Two \\\\ lines\\nand "quotes".
                # TYPE a_total counter
                a_total{code="x\\"y\\\\z\\nw"} 1
                # HELP b B.
                # TYPE b gauge
                b -3

                """)
    }

    @Test("A histogram's buckets add up") func histogram() {
        var histogram = Histogram(powers: 0...1)
        for value: UInt64 in [1, 2, 5] { histogram.observe(value) }
        var writer = MetricsWriter()
        writer.histogram("h", histogram, unit: 0.5, "H.")
        let lines = writer.text.split(separator: "\n").dropFirst(2)
        #expect(
            lines == [
                #"h_bucket{le="0.5"} 1"#, #"h_bucket{le="1.0"} 2"#, #"h_bucket{le="+Inf"} 3"#,
                "h_sum 4.0", "h_count 3",
            ])
    }
}
