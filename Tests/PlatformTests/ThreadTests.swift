import Foundation
import Platform
import Testing

@Suite struct ThreadTests {
    /// As the system shows it: the name and the niceness stand in the thread's status file.
    @Test func nameAndNiceness() throws {
        let mine = try status(of: "/proc/thread-self/stat")
        for (niceness, expected) in [(0, mine.niceness), (7, 7)] {
            let found = Box()
            let thread = try Platform.Thread("passwords", niceness: CInt(niceness)) {
                found.value = try? status(of: "/proc/thread-self/stat")
            }
            thread.join()
            #expect(found.value?.name == "passwords")
            #expect(found.value?.niceness == expected)
        }
        #expect(try status(of: "/proc/thread-self/stat").niceness == mine.niceness)
    }
}

private final class Box: @unchecked Sendable { var value: (name: String, niceness: Int)? }

/// proc(5): the second field is the name in parentheses, the nineteenth the niceness.
private func status(of path: String) throws -> (name: String, niceness: Int) {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let open = try #require(text.firstIndex(of: "("))
    let close = try #require(text.lastIndex(of: ")"))
    let fields = text[text.index(after: close)...].split(separator: " ")
    return (String(text[text.index(after: open)..<close]), try #require(Int(fields[16])))
}
