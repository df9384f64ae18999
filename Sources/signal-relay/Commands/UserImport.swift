internal import CLI
internal import Failures
internal import JSON
internal import Platform

/// `signal-relay user import`: accounts of another system, some at a time.
struct UserImport {
    /// Users that one request brings; a request is a line of at most 64 KiB.
    private static let usersPerRequest = 25
    /// Bytes of a line of the input: what an account can have, each byte as six.
    private static let lineByteCount = 4096

    private let session: ControlSession
    private let console: Console
    private var users: [JSON] = []
    /// The lines that they stand on.
    private var lines: [Int] = []
    private var count = 0

    static func run(_ arguments: Arguments, _ console: Console) throws {
        let input = try InputFile(arguments.operands.first)
        let session = try ControlSession(arguments, makingDatabase: true)
        defer { session.close() }
        var running = UserImport(session, console)
        var splitter = LineSplitter(limit: lineByteCount)
        while true {
            let bytes = try input.read(upTo: 64 << 10)
            if bytes.isEmpty { splitter.finish() } else { splitter.append(bytes) }
            try running.take(from: &splitter)
            if bytes.isEmpty { break }
        }
        try running.send()
        console.note("imported \(counted(running.count, "account"))")
    }

    private init(_ session: ControlSession, _ console: Console) {
        self.session = session
        self.console = console
    }

    private mutating func take(from splitter: inout LineSplitter) throws {
        while true {
            do {
                guard let line = try splitter.next() else { return }
                let number = splitter.lineNumber
                guard let user = try Self.user(line, number) else { continue }
                users.append(user)
                lines.append(number)
            } catch let error as LineSplitter.LineTooLong {
                console.report(ImportError.malformed, line: error.line)
            } catch let error as ImportError {
                console.report(error, line: splitter.lineNumber)
            }
            if users.count >= Self.usersPerRequest { try send() }
        }
    }

    /// What spreadsheets write before UTF-8, so that they know it again.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The user of a line; nil for an empty line, a comment, and the titles of columns.
    static func user(_ line: [UInt8], _ number: Int) throws -> JSON? {
        var line = line[...]
        if number == 1, line.starts(with: byteOrderMark) { line = line.dropFirst(3) }
        guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }), first != 0x23 else {
            return nil
        }
        if first == 0x7b {
            guard let object = try? JSON(parsing: Array(line)) else { throw ImportError.malformed }
            return object
        }
        let cells = try cells(of: String(decoding: line, as: UTF8.self))
        if number == 1, cells == ["email", "name", "hash"] { return nil }
        guard cells.count == 3 else { throw ImportError.malformed }
        return [
            "email": .string(cells[0]), "name": .string(cells[1]), "hash": .string(cells[2]),
        ]
    }

    /// The cells of a line of CSV (RFC 4180), which stays within its line.
    private static func cells(of line: String) throws(ImportError) -> [String] {
        var cells = [""]
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case ",": cells.append("")
            case "\"" where cells[cells.count - 1].isEmpty:
                cells[cells.count - 1] = try quotedCell(&rest)
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }

    private static func quotedCell(_ rest: inout Substring) throws(ImportError) -> String {
        var cell = ""
        while let character = rest.popFirst() {
            guard character == "\"" else {
                cell.append(character)
                continue
            }
            guard rest.first == "\"" else { return cell }
            cell.append(rest.removeFirst())
        }
        throw .malformed
    }

    private mutating func send() throws {
        guard !users.isEmpty else { return }
        var answers: [JSON] = []
        try session.ask("user.import", [JSON.Member("users", .array(users))]) {
            answers.append($0)
        }
        for (line, answer) in zip(lines, answers) {
            guard answer["type"]?.string != "refused" else {
                console.report(ImportError(refusal: answer), line: line)
                continue
            }
            count += 1
            if console.prefersJSON { try console.print(answer.encoded) }
        }
        users = []
        lines = []
    }
}

/// Why a line of an import is left out.
enum ImportError: Failure, Equatable {
    case malformed
    case refused(code: String, message: String)

    init(refusal: JSON) {
        self = .refused(
            code: refusal["code"]?.string ?? "refused",
            message: refusal["message"]?.string ?? "the relay refuses")
    }

    var kind: FailureKind {
        switch self {
        case .malformed: .malformed
        case .refused(let code, _):
            ["badField", "missingField"].contains(code) ? .malformed : .refused
        }
    }

    var code: String {
        switch self {
        case .malformed: "malformed"
        case .refused(let code, _): code
        }
    }

    var message: String {
        switch self {
        case .malformed: "the line is neither email,name,hash nor a JSON object with them"
        case .refused(_, let message): message
        }
    }
}
