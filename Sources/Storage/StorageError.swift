public import Failures

/// Why the store cannot be opened.
public enum StorageError: Failure, Equatable {
    case notThere(String)
    case cannotOpen(String, reason: String)
    case corrupt(String, detail: String)
    case newerSchema(String, found: Int64, known: Int64)
    /// A database, and not a relay's.
    case foreign(String)
    /// The key file is not one, or was damaged.
    case badKeyFile(String)
    case keyFile(String, reason: String, kind: FailureKind)
    case inUse(String)
    case exists(String)
    case cannotCopy(String, reason: String)

    public var kind: FailureKind {
        switch self {
        case .notThere: .noInput
        case .cannotOpen, .exists, .cannotCopy: .cannotCreate
        case .corrupt, .badKeyFile: .malformed
        case .newerSchema, .foreign: .malformed
        case .keyFile(_, _, let kind): kind
        case .inUse: .temporary
        }
    }

    public var code: String {
        switch self {
        case .notThere: "noInput"
        case .cannotOpen: "cannotOpen"
        case .corrupt: "storeCorrupt"
        case .newerSchema: "storeTooNew"
        case .foreign: "storeForeign"
        case .badKeyFile: "badKeyFile"
        case .keyFile: "keyFile"
        case .inUse: "storeInUse"
        case .exists: "exists"
        case .cannotCopy: "cannotCopy"
        }
    }

    public var message: String {
        switch self {
        case .notThere(let path): "there is no database \"\(path)\""
        case .cannotOpen(let path, let reason): "cannot open the database \"\(path)\": \(reason)"
        case .corrupt(let path, let detail):
            // SQLite says all that it found, a line each.
            "the database \"\(path)\" is damaged: \(detail.prefix { $0 != "\n" })"
        case .newerSchema(let path, let found, let known):
            "the database \"\(path)\" has version \(found), and this program knows \(known)"
        case .foreign(let path): "\"\(path)\" is the database of another program"
        case .badKeyFile(let path): "\"\(path)\" is not a file of store keys, or is damaged"
        case .keyFile(_, let reason, _): reason
        case .exists(let path): "\"\(path)\" is there already"
        case .cannotCopy(let path, let reason):
            "cannot copy the database to \"\(path)\": \(reason)"
        case .inUse(let path): "another relay uses the database \"\(path)\""
        }
    }

    public var hint: String? {
        switch self {
        case .corrupt: "restore a backup, or move the file away and start with an empty one"
        case .newerSchema: "install the newer version of signal-relay"
        case .foreign: "give --db another file: this one was not changed"
        case .badKeyFile: "move it away: messages that wait are lost, everything else is kept"
        case .notThere: "give --db the relay's database"
        case .exists: "give a name that is not taken: a backup replaces nothing"
        case .inUse: "stop it, or give --db another file"
        default: nil
        }
    }
}
