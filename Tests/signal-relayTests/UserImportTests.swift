import JSON
import Testing

@testable import signal_relay

@Suite struct UserImportTests {
    private let user: JSON = ["email": "a@example.com", "name": "A", "hash": "h"]

    /// Spreadsheets write one before the first line; anywhere else it is text.
    @Test(arguments: ["a@example.com,A,h", #"{"email":"a@example.com","name":"A","hash":"h"}"#])
    func aByteOrderMarkIsNoPartOfTheFirstLine(line: String) throws {
        let marked = Array("\u{FEFF}\(line)".utf8)
        #expect(try UserImport.user(marked, 1) == user)
        #expect((try? UserImport.user(marked, 2)) != user)
        #expect(try UserImport.user(Array(line.utf8), 1) == user)
    }

    @Test func titlesCommentsAndNothingAreNobody() throws {
        for text in [
            "email,name,hash", "\u{FEFF}email,name,hash", "\u{FEFF}# people", "\u{FEFF}", "",
        ] {
            #expect(try UserImport.user(Array(text.utf8), 1) == nil)
        }
    }
}
