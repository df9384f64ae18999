public import CLI
internal import Crypto
internal import Failures
internal import JSON
internal import JWT
internal import Platform
internal import Sockets
internal import Storage
internal import TLS
internal import Wire

/// The relay that clients connect to.
public enum SignalRelay: Command {
    static let listen = Option<String?>.text(
        "listen", value: "ADDR:PORT",
        "Listen here; port 0 takes a free one. By default 127.0.0.1:3333.")
    static let database = Option<String?>.file(
        "db", "Keep accounts and waiting messages in this SQLite file.")
    static let secretFile = Option<String?>.file(
        "jwt-secret-file",
        """
        Sign tokens with what is in this file, 32 bytes or more, whatever JWT_SECRET says; made if \
        it is not there.
        """)
    static let storeKeys = Option<String?>.file(
        "store-keys", "Keep the keys of the storage layer in this file, apart from the database.")
    static let retention = Option<String>.text(
        "retention", value: "TIME", default: "6h",
        "Forget a message that was not delivered for so long: 90s, 30m, 6h, 2d.")
    static let history = Option<String?>.text(
        "history", value: "TIME",
        """
        Keep the messages of threads for so long, so that they can be asked for; without it, not at \
        all. Those of groups are kept for --retention at least, delivered or not.
        """)
    static let cors = Option<[String]>.texts(
        "cors", value: "ORIGIN",
        "Let web pages of this origin connect: https://chat.example; * for all. Repeatable.")
    static let trustedProxy = Option<[String]>.texts(
        "trusted-proxy", value: "ADDRESS",
        """
        Take the client's address from what this proxy says in X-Forwarded-For or Forwarded: \
        10.0.0.5 or 10.0.0.0/8. Repeatable.
        """)
    static let namespaces = Option<[String]>.texts(
        "namespace", value: "NAME",
        "Also let clients into this Socket.IO namespace: /calls. Repeatable.")
    static let logRetention = Option<String>.text(
        "log-retention", value: "TIME", default: "30d",
        "Forget audit lines and call logs that are older: 12h, 30d.")
    static let drain = Option<Duration>.duration(
        "drain", default: .seconds(3),
        "At the end, send clients away over so long a time, not all at once; 3s by default.")
    static let limit = Option<[String]>.texts(
        "limit", value: "NAME=VALUE",
        "Set a limit: pingInterval=20s, messageBytes=4MiB, connectionsPerUser=20. Repeatable.")
    static let limits = Option.flag("limits", "List the limits with their values, and stop.")
    static let metrics = Option<String?>.text(
        "metrics", value: "ADDR:PORT",
        """
        Serve /metrics for Prometheus here, to whoever can connect. Without it, /metrics is on the \
        main address, for clients on this machine alone that come through no proxy.
        """)
    static let trace = Option<String?>.file(
        "trace",
        """
        Write every Engine.IO and Socket.IO packet to this file as a line of JSON: its kind, event \
        and sizes, and nothing of its contents.
        """)
    static let recovery = Option<String?>.text(
        "recovery", value: "TIME",
        """
        Let every client that loses its connection go on where it was within this time; without \
        the option, those that ask for it within 2m.
        """)
    static let certificate = Option<String?>.file(
        "tls-cert", "Speak TLS with this certificate chain (PEM).")
    static let privateKey = Option<String?>.file(
        "tls-key", "The private key of the certificate (PEM).")

    static let backup = Option<String?>.file(
        "backup",
        "Copy the database into this new file, of a running relay too, and do nothing else.")
    static let notifyURL = Option<String?>.text(
        "notify-url", value: "URL",
        "Post here that something came for a user who is away: who, what event and when.")
    static let notifyCommand = Option<String?>.text(
        "notify-exec", value: "COMMAND",
        "Run this by the shell for the same, with one JSON line on its standard input.")
    static let notifySecretFile = Option<String?>.file(
        "notify-secret-file",
        "Sign posts with what is in this file, as Standard Webhooks says.")

    public static let description = CommandDescription(
        name: "signal-relay",
        summary: "relay messages and signalling between clients",
        details: """
            Serves the clients of chat and call systems over Socket.IO 4 (WebSocket and \
            polling) and HTTP, and keeps messages for those who are away. It sees ciphertext \
            only, keeps it sealed under keys that change every hour, and forgets it once it is \
            delivered.

            With no option it listens on 127.0.0.1:3333 and keeps its files in \
            $XDG_STATE_HOME/parley/relay. When it listens, it prints one line that says where. \
            SIGTERM and SIGINT end it: it takes no more clients, sends those away that are there, so \
            that they connect again, and stops when what was accepted is on the disk. A second \
            signal ends it at once. With TLS, SIGHUP has it read the certificate and its key \
            again, for new connections; if they cannot be used, it keeps the old. Without TLS, \
            SIGHUP is ignored, with a note under -v.

            Signalling that is out of the ordinary, such as many failed logins or one user who \
            writes to very many, raises an alert: a line of the log and of the audit log, a \
            metric, and a notice with the event alert, the rule and the user. --limits lists the \
            rules; --limit alertCallFlood=0 switches one off.

            With a command it does not serve. Commands find a relay that runs by its database, and \
            do the same where none runs; give them --db, --store-keys and --jwt-secret-file as the \
            relay has them.
            """,
        sections: [
            OptionSection(
                nil,
                [
                    listen, database, backup, retention, history, cors, namespaces, recovery,
                ]),
            OptionSection(
                "Keys and certificates", [secretFile, storeKeys, certificate, privateKey]),
            OptionSection(
                "Limits and proxies", [limit, limits, trustedProxy, logRetention, drain],
                isBrief: true),
            OptionSection("Observing", [metrics, trace, StandardOption.json], isBrief: true),
            OptionSection(
                "Notices to a push service", [notifyURL, notifyCommand, notifySecretFile],
                isBrief: true),
        ],
        subcommands: subcommands.map { $0.description },
        environment: [
            EnvironmentVariable("SOCKET_PORT", "The port to listen on, without --listen."),
            EnvironmentVariable("PORT", "The same, where SOCKET_PORT is not set."),
            EnvironmentVariable("SOCKET_CORS_ORIGIN", "Origins as for --cors, commas between."),
            EnvironmentVariable(
                "PARLEY_RELAY_LIMITS", "Limits as for --limit, commas between."),
            EnvironmentVariable(
                "JWT_SECRET",
                """
                The secret that signs tokens, 32 characters or more. --jwt-secret-file goes before \
                it, and it before the file jwt-secret beside the database.
                """),
            EnvironmentVariable(
                "ENCRYPTION_KEY", "The clients' own; the relay ignores it and never sees plaintext."
            ),
            EnvironmentVariable(
                "STUN_SERVER", "For clients, such as stun:stun.example:3478; the relay ignores it."),
            EnvironmentVariable("TURN_SERVER", "The same, such as turn:turn.example:3478."),
            EnvironmentVariable("TURN_USERNAME", "For clients; the relay ignores it."),
            EnvironmentVariable("TURN_PASSWORD", "For clients; the relay ignores it."),
        ],
        files: [
            FileNote("$XDG_STATE_HOME/parley/relay/relay.db", "The database."),
            FileNote(
                "$XDG_STATE_HOME/parley/relay/relay.db.control",
                "The socket through which the commands below reach a relay that runs."),
            FileNote("$XDG_STATE_HOME/parley/relay/jwt-secret", "The secret that signs tokens."),
            FileNote(
                "$XDG_STATE_HOME/parley/relay/store-keys", "The keys of the storage layer."),
            FileNote(
                "$XDG_STATE_HOME/parley/relay/account-keys",
                "The key that second factors are sealed under, made with the first of them. It lies "
                    + "beside the database; without it only recovery codes are left."),
        ],
        notes: [proxyNote, mailboxNote, backupNote, metricsNote],
        statuses: [
            ExitNote(
                .refused,
                "A command was refused, such as for an unknown user, or check found an error."),
            ExitNote(
                .malformed,
                """
                The database, a key file or the certificate is damaged, or a line of the input \
                cannot be read.
                """),
            ExitNote(.noInput, "A file that was named, or the database, is not there."),
            ExitNote(.unavailable, "The address is in use, or TLS cannot be used."),
            ExitNote(.cannotCreate, "A file cannot be made, or the backup's is there already."),
            ExitNote(.inputOutput, "A file cannot be read or written."),
            ExitNote(.temporary, "Another relay uses the database."),
            ExitNote(.notAllowed, "Others can read a key file."),
        ],
        examples: [
            Example("signal-relay", "Run it for this machine alone."),
            Example(
                "signal-relay --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem",
                "Run it for everybody, with TLS."),
        ],
        seeAlso: ["relay-login(1)", "sendmsg(1)", "recvmsg(1)", "parley-relay(5)"])

    /// What runs instead of the relay, or beside it: each has a file in Commands.
    static var subcommands: [any Command.Type] {
        [
            UserCommand.self, TokenCommand.self, QueueCommand.self, AuditCommand.self,
            CheckCommand.self, DecodeCommand.self,
        ]
    }

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        ProcessState.forbidDumps()
        guard let name = arguments.subcommand.first else {
            guard let copy = arguments[backup] else { return try serve(arguments, console) }
            return try backUp(RelayOptions(arguments).database, to: copy, console)
        }
        try subcommands.first { $0.description.name == name }?.run(arguments, console)
    }

    private static func serve(_ arguments: Arguments, _ console: Console) throws {
        raiseDescriptorLimit()
        let options = try RelayOptions(arguments)
        if arguments[limits] { return try options.limits.list(console) }
        try prepareDirectory(of: options.database)
        try Store.check(options.database)
        if Store.isEmpty(options.database) {
            console.note("\(options.database) is empty: a new database is made in it")
        }
        let key = try options.signingKey()
        let loop = try EventLoop()
        // Before the host makes threads, which would take the signals otherwise.
        var running: RelayHost?
        for signal in [Signal.terminate, .interrupt] {
            try loop.onSignal(signal) { running?.shutDown() }
        }
        try loop.onSignal(.hangUp) { running?.reloadCertificate() }
        let host = try RelayHost(loop, options, key, try options.tlsContext(), console)
        running = host
        try host.start()
        try announce(host.address, options, console)
        try loop.run()
        host.finish()
    }

    private static func backUp(_ path: String, to copy: String, _ console: Console) throws {
        let byteCount = try Store.backUp(path, to: copy)
        if console.prefersJSON {
            let line: JSON = [
                "type": "backup", "file": .string(copy), "byteCount": .integer(byteCount),
            ]
            return try console.print(line.text)
        }
        try console.print("\(copy): \(byteCount) bytes")
    }

    /// The directory of the relay's own is made; another must be there.
    static func prepareDirectory(of path: String) throws {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        guard slash != path.index(before: path.endIndex) else {
            throw RelayOptionError.databaseDirectory(path)
        }
        let directory = String(path[..<slash])
        if path == RelayOptions.defaultDatabase() { return try makeDirectory(directory) }
        do throws(FileError) { try checkDirectory(directory) } catch {
            throw FileError.cannotCreate(path, reason: error.reason)
        }
    }

    private static func announce(
        _ address: SocketAddress, _ options: RelayOptions, _ console: Console
    ) throws {
        let scheme = options.certificateFile == nil ? "http" : "https"
        let url = "\(scheme)://\(address)"
        if console.prefersJSON {
            let line: JSON = [
                "type": "listening", "url": .string(url), "address": .string(address.host),
                "port": .integer(address.port),
            ]
            try console.print(line.text)
        } else {
            try console.print("listening on \(url)")
        }
        try console.flush()
    }
}
