internal import CLI
internal import Clock
internal import Failures
internal import JSON
internal import Platform
internal import Sockets
internal import Storage

/// A command's way to the relay: to the one that runs, through its control socket, or to one of the
/// command's own, which has the store to itself and no clients.
final class ControlSession {
    private enum Way {
        case running(FileDescriptorBox)
        case own(OwnRelay)
    }

    private let way: Way
    private let timeout: Duration
    private var lines = LineSplitter(limit: ControlSession.lineByteCount)

    /// Bytes of one line of an answer.
    private static let lineByteCount = 4 << 20
    /// How long a relay may take between its lock on the database and its control socket.
    private static let startTime = Duration.seconds(5)
    private static let retryTime = Duration.milliseconds(50)

    static let timeout = Option<Duration>.duration(
        "timeout", default: .seconds(30), "Wait so long for the relay's answer.")

    /// - Parameter makesDatabase: whether there need be no database yet.
    init(_ arguments: Arguments, makingDatabase makesDatabase: Bool = false) throws {
        let options = try RelayOptions(arguments)
        timeout = arguments[Self.timeout]
        way = try Self.find(options, makesDatabase, timeout)
    }

    private static func find(
        _ options: RelayOptions, _ makesDatabase: Bool, _ timeout: Duration
    ) throws -> Way {
        let deadline = MonotonicClock().now + min(timeout, startTime)
        while true {
            if let socket = try connectLocally(to: options.controlSocket) {
                return .running(FileDescriptorBox(socket))
            }
            do {
                return .own(try OwnRelay(options, makesDatabase: makesDatabase))
            } catch let error as StorageError {
                guard case .inUse = error, MonotonicClock().now < deadline else { throw error }
                Thread.sleep(for: retryTime)
            }
        }
    }

    /// Whether a relay runs.
    var relayRuns: Bool { if case .running = way { true } else { false } }

    /// Asks, and gives each object of the answer to `take`.
    func ask(
        _ request: String, _ members: [JSON.Member] = [], _ take: (JSON) throws -> Void
    ) throws {
        let line = JSON.object([JSON.Member("request", .string(request))] + members).encoded
        try ask(line: line, take)
    }

    /// Asks with a line that the caller made, as it must where the request holds a secret.
    func ask(line: [UInt8], _ take: (JSON) throws -> Void) throws {
        switch way {
        case .running(let socket): try ask(line, through: socket, take)
        case .own(let relay):
            for answer in try relay.ask(line, timeout: timeout) {
                if try isLast(answer) { return }
                try take(try JSON(parsing: answer))
            }
        }
    }

    private func ask(
        _ line: [UInt8], through socket: FileDescriptorBox, _ take: (JSON) throws -> Void
    ) throws {
        do throws(SystemError) { try socket.descriptor.writeAll(line + [0x0a]) } catch {
            throw ControlFailure.noAnswer(timeout)
        }
        while true {
            while let answer = try lines.next() {
                if try isLast(answer) { return }
                try take(try JSON(parsing: answer))
            }
            lines.append(try socket.next(timeout))
        }
    }

    private func isLast(_ line: [UInt8]) throws -> Bool {
        let answer = try JSON(parsing: line)
        if let error = answer["error"] { throw ControlFailure(refusal: error) }
        return answer["end"]?.bool ?? false
    }

    /// Brings to the disk what the command's own relay has changed.
    func close() {
        if case .own(let relay) = way { relay.close() }
    }
}

/// A descriptor that a class can hold.
final class FileDescriptorBox {
    let descriptor: FileDescriptor
    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// What comes next.
    func next(_ timeout: Duration) throws(ControlFailure) -> [UInt8] {
        let bytes = try? descriptor.read(upTo: 64 << 10, waitingAtMost: timeout)
        guard let bytes, !bytes.isEmpty else { throw .noAnswer(timeout) }
        return bytes
    }
}

/// What a relay said no to, or that it did not answer.
enum ControlFailure: Failure, Equatable {
    case refused(FailureKind, code: String, message: String, hint: String?)
    case noAnswer(Duration)

    init(refusal: JSON) {
        let kind = FailureKind.allCases.first { $0.defaultCode == refusal["kind"]?.string }
        self = .refused(
            kind ?? .refused, code: refusal["code"]?.string ?? "refused",
            message: refusal["message"]?.string ?? "the relay refuses",
            hint: refusal["hint"]?.string)
    }

    var kind: FailureKind {
        switch self {
        case .refused(let kind, _, _, _): kind
        case .noAnswer: .temporary
        }
    }

    var code: String {
        switch self {
        case .refused(_, let code, _, _): code
        case .noAnswer: "timeout"
        }
    }

    var message: String {
        switch self {
        case .refused(_, _, let message, _): message
        case .noAnswer(let time): "the relay did not answer within \(time) or ended"
        }
    }

    var hint: String? {
        switch self {
        case .refused(_, _, _, let hint): hint
        case .noAnswer: "look at its log, or give --timeout more time"
        }
    }
}
