public import Failures
internal import Glibc

/// What can be wrong with a file that the user named.
public enum FileError: Failure, Equatable {
    case notThere(String, reason: String)
    case cannotCreate(String, reason: String)
    case exists(String)
    case sameFile(String)
    case cannotRead(String, reason: String)
    case cannotWrite(String, reason: String)
    case tooLarge(String, limit: Int)
    case readableByOthers(String, mode: UInt32)
    case ownedByAnother(String)
    case locked(String, waited: Duration)

    public var kind: FailureKind {
        switch self {
        case .notThere: .noInput
        case .cannotCreate, .exists, .sameFile: .cannotCreate
        case .cannotRead, .cannotWrite: .inputOutput
        case .tooLarge: .malformed
        case .readableByOthers, .ownedByAnother: .notAllowed
        case .locked: .temporary
        }
    }

    public var code: String {
        switch self {
        case .notThere: "noInput"
        case .cannotCreate: "cannotCreate"
        case .exists: "exists"
        case .sameFile: "sameFile"
        case .cannotRead, .cannotWrite: "inputOutput"
        case .tooLarge: "tooLarge"
        case .readableByOthers, .ownedByAnother: "keyFileNotPrivate"
        case .locked: "locked"
        }
    }

    public var message: String {
        switch self {
        case .notThere(let name, let reason): "cannot open \"\(name)\": \(reason)"
        case .cannotCreate(let name, let reason): "cannot create \"\(name)\": \(reason)"
        case .exists(let name): "\"\(name)\" exists already"
        case .sameFile(let name): "\"\(name)\" is input and output at once"
        case .cannotRead(let name, let reason): "cannot read \"\(name)\": \(reason)"
        case .cannotWrite(let name, let reason): "cannot write \"\(name)\": \(reason)"
        case .tooLarge(let name, let limit): "\"\(name)\" is larger than \(limit) bytes"
        case .readableByOthers(let name, let mode):
            "\"\(name)\" can be read by others (mode 0\(String(mode, radix: 8)))"
        case .ownedByAnother(let name): "\"\(name)\" belongs to another user"
        case .locked(let name, let waited):
            "waited \(waited.inWords) for the lock \"\(name)\", which another process holds"
        }
    }

    public var hint: String? {
        switch self {
        case .exists: "choose another name or give --force"
        case .tooLarge: "check that it is the file you mean"
        case .sameFile: "choose another output"
        case .readableByOthers("standard input", _): "run chmod 600 on the file"
        case .readableByOthers(let name, _): "run chmod 600 \(shellQuoted(name))"
        case .ownedByAnother: "use a key file of your own"
        case .locked: "try again when it is done"
        default: nil
        }
    }

    /// The file, as the user named it.
    public var file: String {
        switch self {
        case .notThere(let name, _), .cannotCreate(let name, _), .exists(let name),
            .sameFile(let name), .cannotRead(let name, _), .cannotWrite(let name, _),
            .tooLarge(let name, _), .readableByOthers(let name, _), .ownedByAnother(let name),
            .locked(let name, _):
            name
        }
    }

    /// What went wrong, where the file is named already.
    public var reason: String {
        switch self {
        case .notThere(_, let reason), .cannotCreate(_, let reason), .cannotRead(_, let reason),
            .cannotWrite(_, let reason):
            reason
        default: message
        }
    }

    /// What errno says, for the cases with a reason.
    static var systemReason: String { String(cString: strerror(errno)) }
}

extension Duration {
    /// As a person would say it in a message: `250 ms`, `1.5 s`, `3 min`.
    public var inWords: String {
        let milliseconds = Int64(self / .milliseconds(1))
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds >= 120_000 { return "\(milliseconds / 60_000) min" }
        let tenths = milliseconds % 1000 / 100
        return tenths == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds / 1000).\(tenths) s"
    }
}

/// The text as one word of a POSIX shell, so that a hint can be pasted.
public func shellQuoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x3a, 0x40, 0x5f: true
        default: false
        }
    }
    if plain && !text.isEmpty { return text }
    return "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
}
