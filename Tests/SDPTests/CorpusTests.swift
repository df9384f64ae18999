import JSON
import SDP
import Testing

@Suite struct CorpusTests {
    @Test(arguments: CorpusFile.all)
    func whatWasReadIsWrittenByteForByte(_ file: CorpusFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        #expect(description.encoded == file.bytes)
    }

    /// A line end of another kind changes nothing but the line ends.
    @Test(arguments: CorpusFile.all, ["\n", "\r\n", "\r", "\r\r\n"])
    func everyLineEndingIsKept(_ file: CorpusFile, _ ending: String) throws {
        let lines = file.bytes.filter { $0 != 0x0d }.split(
            separator: 0x0a, omittingEmptySubsequences: false)
        let bytes = Array(lines.joined(separator: Array(ending.utf8)))
        let description = try SessionDescription(parsing: bytes)
        #expect(description.encoded == bytes)
        #expect(Array(description.allLines).count == lines.count - (lines.last == [] ? 1 : 0))
    }
}

@Suite struct JSONFormTests {
    @Test(arguments: CorpusFile.all)
    func theJSONFormGivesTheSameBytes(_ file: CorpusFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        let json = try JSON(parsing: description.encodedJSON())
        #expect(try SessionDescription(json: json).encoded == file.bytes)
    }
}
