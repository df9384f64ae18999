internal import Failures

/// What is wrong with the relay's settings.
enum RelayOptionError: Failure, Equatable {
    case badAddress(String)
    case badProxy(String)
    case badPort(String, String)
    case badRetention(String)
    case badLogRetention(String)
    case badHistory(String)
    case badNamespace(String)
    case badDrain
    case badRecovery(String)
    case halfOfTLS
    case badNotifyURL(String)
    case secretWithoutURL
    case databaseDirectory(String)

    var kind: FailureKind { .usage }

    var message: String {
        switch self {
        case .badAddress(let text): "cannot listen on \"\(text)\""
        case .badProxy(let text): "--trusted-proxy cannot be \"\(text)\""
        case .badPort(let name, let text): "$\(name) is not a port: \"\(text)\""
        case .badRetention(let text): "cannot keep messages for \"\(text)\""
        case .badHistory(let text): "cannot keep a history of \"\(text)\""
        case .badRecovery(let text): "cannot let clients come back after \"\(text)\""
        case .badNamespace(let name): "\"\(name)\" cannot be the name of a namespace"
        case .badLogRetention(let text): "cannot keep logs for \"\(text)\""
        case .badDrain: "--drain is too long"
        case .halfOfTLS: "--tls-cert and --tls-key go together"
        case .badNotifyURL(let text): "cannot post to \"\(text)\""
        case .secretWithoutURL: "--notify-secret-file signs what goes to --notify-url"
        case .databaseDirectory(let path): "the database cannot be the directory \"\(path)\""
        }
    }

    var hint: String? {
        switch self {
        case .badAddress: "give an address and a port, such as 0.0.0.0:3333 or [::1]:3333"
        case .badProxy: "give an address or a network, such as 10.0.0.5 or 10.0.0.0/8"
        case .badPort: "set it to a number from 0 to 65535"
        case .badRetention, .badHistory: "give a time from 1m to 365d, such as 6h"
        case .badRecovery: "give a time from 1s to 60m, such as 2m"
        case .badNamespace: "give visible ASCII without commas, quotes and ?, such as /calls"
        case .halfOfTLS, .secretWithoutURL: "give both"
        case .badNotifyURL: "give a URL such as https://push.example/relay"
        case .badLogRetention: "give a time from 1h to 3650d, such as 30d"
        case .badDrain: "give an hour at most"
        case .databaseDirectory: "give --db a file"
        }
    }
}
