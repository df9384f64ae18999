internal import CLI
internal import Failures
internal import JSON
internal import Platform
internal import SocketIO
internal import WebSocket
internal import Wire

/// `signal-relay decode`: what frames say that somebody pasted.
enum DecodeCommand: Command {
    static let description = CommandDescription(
        name: "decode", summary: "explain pasted frames of Engine.IO and Socket.IO",
        details: """
            Reads frames from standard input, one a line, and prints each packet as a line of \
            JSON: packets as browsers and logs show them (42["hello",1] or 2["hello",1]), bodies \
            of polling (with the separator U+001E as it is or written \\x1e), and binary messages \
            or whole WebSocket frames in hexadecimal or Base64. The values of what a client \
            connects with, and the names of sessions, are left out. Status 65 says that a line \
            is none of these.
            """)

    static func run(_ arguments: Arguments, _ console: Console) throws {
        let input = try InputFile(nil)
        var lines = LineSplitter()
        while true {
            let bytes = try input.read(upTo: 64 << 10)
            if bytes.isEmpty { lines.finish() } else { lines.append(bytes) }
            while let line = try nextLine(&lines, console) {
                do throws(PastedFrameError) {
                    for object in try PastedFrame.decode(line) {
                        let numbered = [JSON.Member("line", .integer(lines.lineNumber))]
                        try? console.print(JSON.object(numbered + (object.members ?? [])).encoded)
                    }
                } catch { console.report(error, line: lines.lineNumber) }
            }
            try console.flush()
            if bytes.isEmpty { return }
        }
    }

    private static func nextLine(
        _ lines: inout LineSplitter, _ console: Console
    ) throws -> [UInt8]? {
        while true {
            do throws(LineSplitter.LineTooLong) { return try lines.next() } catch {
                console.report(PastedFrameError.tooLong, line: error.line)
            }
        }
    }
}

enum PastedFrameError: Failure, Equatable {
    case noFrame
    case tooLong

    var kind: FailureKind { .malformed }
    var code: String { self == .tooLong ? "lineTooLong" : "noFrame" }
    var message: String {
        self == .tooLong ? "the line is too long" : "it is no frame of Engine.IO or Socket.IO"
    }
    var hint: String? {
        self == .tooLong ? nil : "paste one such as 42[\"hello\"], or its bytes in hex or Base64"
    }
}
