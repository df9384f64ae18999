public import CLI
internal import Clock
internal import Crypto
internal import Failures
internal import HTTPClient
internal import JSON
internal import Platform
internal import RelayClient

/// Gets a token of a relay, and keeps it for the other tools.
public enum RelayLogin: Command {
    static let relay = Option.text(
        "relay", value: "URL", "The relay, in place of $PARLEY_RELAY or the only one known.")
    static let email = Option.text(
        "email", value: "ADDRESS", "The e-mail address of the account.")
    static let register = Option.flag("register", "Make the account first.")
    static let name = Option.text(
        "name", value: "NAME", "The name that others see, for a new account.")
    static let passwordFile = Option.file(
        "password-file", "Read the password from the first line of this file, - is standard input.")
    static let code = Option.text(
        "otp", value: "CODE", "The six digits of the second factor, or a recovery code.")
    static let timeout = Option.duration(
        "timeout", atLeast: .milliseconds(1), default: RelayAPI.defaultTimeout,
        "How long the relay may take for an answer: 500ms, 30s, 5m. By default 30s. The renewal of a "
            + "login may take 15s all the same.")
    static let logout = Option.flag("logout", "End the login, and forget its token.")
    static let status = Option.flag("status", "Ask the relay whether the login is good.")
    static let showToken = Option.flag("show-token", "Print the token, for scripts.")

    public static let description = CommandDescription(
        name: "relay-login",
        summary: "get and keep a token of a relay",
        details: """
            Logs in to a relay by e-mail address and password and keeps the token pair that it \
            gives, in a file of mode 0600, for sendmsg and recvmsg. These get a new pair by \
            themselves before the old one runs out. The password comes from the terminal, or from \
            a private file; it is not kept.

            A login or a renewal is asked for only where there is room to keep what it gives: on a full \
            disk nothing is spent, and no account is made. A login whose file is damaged is told as \
            that; logging in again mends it, and --logout removes it, without the relay being told.

            Once a renewal is asked for, its answer is waited for, up to 15 seconds or for the time of \
            --timeout if that is longer, and SIGINT, SIGTERM and SIGHUP act after it: the old login is \
            spent by it. --logout keeps the login where what answers is no relay.

            A relay is named by its URL, http:// or https://. Certificates are checked against the \
            authorities of the system, or those in the file that SSL_CERT_FILE names.
            """,
        sections: [
            OptionSection(nil, [relay, email, register, name, passwordFile, code, timeout]),
            OptionSection("Instead of logging in", [logout, status, showToken]),
            OptionSection("Output", [StandardOption.json]),
        ],
        environment: [
            EnvironmentVariable("PARLEY_RELAY", "The relay where --relay is not given."),
            EnvironmentVariable("SSL_CERT_FILE", "Authorities to trust instead of the system's."),
        ],
        files: [
            FileNote("$XDG_CONFIG_HOME/parley/relays/", "The logins, a file for each relay.")
        ],
        statuses: [
            ExitNote(.refused, "The relay refuses, as with an address that has an account."),
            ExitNote(.malformed, "The password is no text, or the file of the login is damaged."),
            ExitNote(.noInput, "A file is not there."),
            ExitNote(.unavailable, "The relay is not reachable."),
            ExitNote(.cannotCreate, "The file of the login cannot be made."),
            ExitNote(.inputOutput, "There is no room for the file of the login."),
            ExitNote(.temporary, "The relay asks to slow down, or does not answer in time."),
            ExitNote(.protocolViolation, "What answers is no relay."),
            ExitNote(.notAllowed, "The password is wrong, or the login has ended."),
        ],
        examples: [
            Example(
                "relay-login --relay https://relay.example --email bob@example.com --register "
                    + "--name Bob", "Make an account, and log in."),
            Example("relay-login --status", "See whether the login is still good."),
        ],
        seeAlso: ["recvmsg(1)", "sendmsg(1)", "signal-relay(1)"])

    private enum Action { case logIn, logOut, status, showToken }

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        ProcessState.forbidDumps()
        let action = try action(arguments)
        let store = AccountStore()
        let relay = try store.relay(named: arguments[relay])
        let api = RelayAPI(relay, timeout: arguments[timeout])
        switch action {
        case .logIn: try logIn(at: api, store, arguments, console)
        case .logOut: try logOut(of: api, store, console)
        case .status: try tell(checked(at: api, store, console), at: relay, console)
        case .showToken: try console.print(usable(at: api, store, console).token)
        }
    }

    private static func action(_ arguments: Arguments) throws(UsageError) -> Action {
        var actions: [Action] = []
        if arguments[logout] { actions.append(.logOut) }
        if arguments[status] { actions.append(.status) }
        if arguments[showToken] { actions.append(.showToken) }
        guard actions.count <= 1 else {
            throw .conflict("two things to do at once", hint: "ask for one")
        }
        guard let action = actions.first else { return .logIn }
        let login: [any DeclaredOption] = [email, register, name, passwordFile, code]
        guard !login.contains(where: { arguments.isGiven($0) }) else {
            throw .conflict("a login and something else at once", hint: "ask for one")
        }
        return action
    }

    private static func logIn(
        at api: RelayAPI, _ store: AccountStore, _ arguments: Arguments, _ console: Console
    ) throws {
        guard let email = arguments[email] else { throw UsageError.missingOption("--email") }
        if !arguments[register], arguments[name] != nil {
            throw UsageError.conflict("--name is for a new account", hint: "give --register too")
        }
        try checkCode(arguments[code])
        let source: SecretSource =
            arguments[passwordFile].map { .file($0) }
            ?? .prompt(
                "password for \(email)", confirming: arguments[register],
                otherwise: "give --\(passwordFile.spec.name) a file that holds it")
        let password = try source.read()
        let isText = password.withBytes { JSONScanner.isUTF8(Array($0)[...]) }
        guard isText else { throw PasswordIsNoText() }
        let account = try store.save(at: api.relay) {
            arguments[register]
                ? try api.register(
                    name: arguments[name] ?? String(email.prefix { $0 != "@" }), email: email,
                    password: password)
                : try api.logIn(email: email, password: password, code: arguments[code])
        }
        try tell(account, at: api.relay, console)
    }

    private static func checkCode(_ text: String?) throws(UsageError) {
        guard let text else { return }
        // Apps show the digits in two groups, and so they are copied.
        let characters = text.utf8.filter { $0 != 0x20 }
        let isCode = characters.count == 6 && characters.allSatisfy { 0x30...0x39 ~= $0 }
        guard isCode || isRecoveryCode(characters) else {
            throw .badValue(text, option: "--otp", wanted: "six digits, or a recovery code")
        }
    }

    /// Sixteen letters and digits, with dashes or without.
    private static func isRecoveryCode(_ characters: [UInt8]) -> Bool {
        let letters = characters.filter { $0 != 0x2d }
        return letters.count == 16
            && letters.allSatisfy {
                0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || 0x32...0x37 ~= $0
            }
    }

    private static func logOut(
        of api: RelayAPI, _ store: AccountStore, _ console: Console
    ) throws {
        do {
            try api.logOut(store.account(at: api.relay))
        } catch RelayError.refused(let status, _) where status == 401 || status == 403 {
            // A token that the relay does not take is as dead as it can be.
        } catch RelayError.brokenAccountFile(let path) {
            console.warn("\"\(path)\" is damaged: it is removed, and the relay cannot be told")
            return try store.remove(api.relay)
        }
        try store.remove(api.relay)
        console.note("logged out of \(api.relay)")
    }

    /// The stored login, with a new token where the old one has run out.
    private static func usable(
        at api: RelayAPI, _ store: AccountStore, _ console: Console
    ) throws -> Account {
        let account = try store.account(at: api.relay)
        guard let expires = account.expires, expires < WallClock().now + .seconds(60) else {
            return account
        }
        return try renewed(account, at: api, store, console)
    }

    private static func renewed(
        _ account: Account, at api: RelayAPI, _ store: AccountStore, _ console: Console
    ) throws -> Account {
        try store.renewing(account.token, at: api.relay) {
            try api.refresh($0)
        } warn: {
            console.warn($0)
        }
    }

    /// The stored login once the relay has said that it is good. As in sendmsg, a token that it does
    /// not take is no more than the time for a new one.
    private static func checked(
        at api: RelayAPI, _ store: AccountStore, _ console: Console
    ) throws -> Account {
        let account = try usable(at: api, store, console)
        do throws(RelayError) {
            try api.check(account)
            return account
        } catch {
            guard case .refused = error, error.kind == .notAllowed else { throw error }
        }
        let renewed = try renewed(account, at: api, store, console)
        try api.check(renewed)
        return renewed
    }

    private static func tell(
        _ account: Account, at relay: RelayAddress, _ console: Console
    ) throws {
        guard console.prefersJSON else {
            let name = account.name.isEmpty ? account.userID : account.name
            let until = account.expires.map { ", until \($0)" } ?? ""
            let line = "logged in to \(relay) as \(name) <\(account.email)>\(until)"
            if !console.isQuiet { try console.print(escapedForTerminal(line)) }
            return
        }
        if console.isQuiet { return }
        var members = [
            JSON.Member("type", "login"), JSON.Member("relay", .string(relay.description)),
            JSON.Member("userId", .string(account.userID)),
            JSON.Member("name", .string(account.name)),
            JSON.Member("email", .string(account.email)),
        ]
        if let expires = account.expires {
            members.append(JSON.Member("expires", .string(expires.description)))
        }
        try console.print(JSON.object(members).text)
    }
}

/// A password has to be text, as the relay takes it.
private struct PasswordIsNoText: Failure {
    var kind: FailureKind { .malformed }
    var code: String { "badPassword" }
    var message: String { "the password is not UTF-8" }
    var hint: String? { "write its file as UTF-8, with iconv(1)" }
}
