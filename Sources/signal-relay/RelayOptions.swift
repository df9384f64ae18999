internal import CLI
internal import Platform
internal import SocketIO
internal import Sockets

/// Where the relay finds and keeps things, from options, the environment and defaults.
struct RelayOptions {
    let address: SocketAddress
    let database: String
    let secretFile: String
    let keyFile: String
    let retention: Duration
    let origins: [String]
    /// Each with its slash; without the main one, which is always there.
    let namespaces: [String]
    /// The socket by which operators reach the relay that uses the database.
    var controlSocket: String { database + ".control" }
    let certificateFile: String?
    let privateKeyFile: String?

    private static let defaultPort: UInt16 = 3333
    private static let defaultHost = "127.0.0.1"
    /// Longer retention needs more keys than the key file holds.
    private static let retentionRange = Duration.seconds(1)...Duration.seconds(365 * 86_400)

    init(_ arguments: Arguments, _ environment: Environment = .process) throws(RelayOptionError) {
        address = try Self.address(arguments[SignalRelay.listen], environment)
        let directory = StateDirectory.state(in: environment).subdirectory("relay")
        let database = arguments[SignalRelay.database] ?? directory.path(of: "relay.db")
        self.database = database
        secretFile = arguments[SignalRelay.secretFile] ?? Self.beside(database, "jwt-secret")
        keyFile = arguments[SignalRelay.storeKeys] ?? Self.beside(database, "store-keys")
        let text = arguments[SignalRelay.retention]
        guard let retention = Self.duration(text), Self.retentionRange.contains(retention) else {
            throw .badRetention(text)
        }
        self.retention = retention
        origins = arguments[SignalRelay.cors] + Self.origins(environment)
        namespaces = try Self.namespaces(arguments[SignalRelay.namespaces])
        certificateFile = arguments[SignalRelay.certificate]
        privateKeyFile = arguments[SignalRelay.privateKey]
        guard (certificateFile == nil) == (privateKeyFile == nil) else { throw .halfOfTLS }
    }

    private static func address(
        _ listen: String?, _ environment: Environment
    ) throws(RelayOptionError) -> SocketAddress {
        if let listen {
            let text = listen.contains(":") ? listen : "\(listen):\(defaultPort)"
            guard let address = SocketAddress(text) else { throw .badAddress(listen) }
            return address
        }
        var port = defaultPort
        for name in ["SOCKET_PORT", "PORT"] {
            guard let text = environment[name] else { continue }
            guard let number = UInt16(text) else { throw .badPort(name, text) }
            port = number
            break
        }
        guard let address = SocketAddress(host: defaultHost, port: port) else {
            throw .badAddress(defaultHost)
        }
        return address
    }

    private static func namespaces(_ names: [String]) throws(RelayOptionError) -> [String] {
        var namespaces: [String] = []
        for name in names {
            let namespace = name.hasPrefix("/") ? name : "/" + name
            // A comma ends a name on the wire, and a question mark begins its query.
            guard namespace.utf8.count <= SocketIO.Configuration.longestNamespace,
                namespace.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
                !namespace.contains(where: { ",?\"\\".contains($0) })
            else { throw .badNamespace(name) }
            if namespace != "/", !namespaces.contains(namespace) { namespaces.append(namespace) }
        }
        return namespaces
    }

    private static func beside(_ path: String, _ name: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }

    private static func origins(_ environment: Environment) -> [String] {
        (environment["SOCKET_CORS_ORIGIN"] ?? "").split(separator: ",").map {
            String($0.drop { $0 == " " }.prefix { $0 != " " })
        }
    }

    /// Reads `90s`, `30m`, `6h` or `7d`.
    static func duration(_ text: String) -> Duration? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...1_000_000).contains(count)
        else { return nil }
        return .seconds(count * unit)
    }
}
