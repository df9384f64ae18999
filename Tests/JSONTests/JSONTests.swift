import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "-0.5e+10", "\"\"", #"{"a":[1,2,{"b":"c"}],"d":null}"#,
        #""\u00e9\ud83d\ude00\n""#,
    ])
    func readsWhatIsJSON(text: String) throws {
        let value = try JSON(parsing: text)
        #expect(try JSON(parsing: value.encoded) == value)
    }

    @Test(arguments: [
        "", "nul", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "\"\u{1}\"", #""\x""#, #""\ud800""#,
        #""\udc00\ud800""#, "[1]]", "{\"a\":1,\"a\":2}", "{a:1}", "NaN", "\"a",
        String(repeating: "[", count: 100),
    ])
    func refusesWhatIsNot(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test func decodesSurrogatePairs() throws {
        #expect(try JSON(parsing: #""\ud83d\ude00""#) == .string("\u{1F600}"))
    }

    /// RFC 8259 section 8.2: the grammar has it, text it is none.
    @Test(arguments: [
        #""\ud800""#, #""\udc00\ud800""#, #""a\ud83dx""#, #""\ud83d\u0041""#, #""\ud83d\n""#,
    ])
    func halfASurrogatePairIsPassedOverAndNotDecoded(text: String) throws {
        var scanner = JSONScanner(Array(text.utf8))
        #expect(try scanner.skipValue() == 0..<text.utf8.count)
        #expect(throws: JSONError.self) {
            var scanner = JSONScanner(Array(text.utf8))
            _ = try scanner.string()
        }
    }

    @Test func halfASurrogatePairIsKeptWhereThatIsWanted() throws {
        let text = #"{"a":"\uD800","b":[1,"\ud83d\ude00","x\udc00"],"c":"\n"}"#
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        let value = try JSON(parsing: Array(text.utf8)[...], keepsHalfPairs: true)
        #expect(value["a"] == .raw(Array(#""\uD800""#.utf8)) && value["a"]?.string == nil)
        #expect(
            value["b"] == [1, .string("\u{1F600}"), .raw(Array(#""x\udc00""#.utf8))])
        #expect(value["c"] == .string("\n"))
        #expect(
            value.text == text.replacing(#"\ud83d\ude00"#, with: "\u{1F600}"))
        for text in [#""\ud800"#, #""\ud800\x""#, #""\ud8""#, #"{"\ud800":1}"#, #"{"a":1,"a":1}"#] {
            #expect(throws: JSONError.self, "\(text)") {
                try JSON(parsing: Array(text.utf8)[...], keepsHalfPairs: true)
            }
        }
    }

    @Test(arguments: [#""\u12""#, #""\ud83d\u12""#, #""\ud83d\""#, #""\u00g0""#])
    func brokenEscapesAreNotPassedOver(text: String) {
        #expect(throws: JSONError.self) {
            var scanner = JSONScanner(Array(text.utf8))
            try scanner.skipValue()
        }
    }

    @Test(arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]])
    func refusesBadUTF8(bytes: [UInt8]) {
        #expect(throws: JSONError.notUTF8) { try JSON(parsing: [0x22] + bytes + [0x22]) }
    }
}
