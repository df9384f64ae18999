public import CLI
internal import Failures
internal import Platform
internal import RelayClient

/// Gets the messages that a relay has for its user.
public enum RecvMsg: Command {
    enum Route: String, CaseIterable, Sendable { case off }

    static let once = Option.flag("once", "Get one message, and stop.")
    static let count = Option<Int?>.number("count", in: 1...Int.max, "Get N messages, and stop.")
    static let follow = Option.flag("follow", "Go on until stopped; this is the default.")
    static let inbox = Option.directory(
        "inbox", "Put each message into a file of its own in DIR/new, as in a Maildir.")
    static let command = Option.text(
        "exec", value: "COMMAND",
        "Run this shell command for each message, with its line as standard input.")
    static let from = Option.text(
        "from", value: "USER",
        "Get the messages of this user alone: a user id, or a name, which others may bear too. Others "
            + "stay at the relay.")
    static let markRead = Option.flag("mark-read", "Tell the senders that the messages were read.")
    static let relay = Option.text(
        "relay", value: "URL", "The relay, in place of $PARLEY_RELAY or the only one known.")
    static let p2p = Option<Route>.choice(
        "p2p", default: .off, "Whether to take connections of the peers' own.")
    static let timeout = Option.duration(
        "timeout", atLeast: .milliseconds(1), default: .seconds(300),
        "How long the relay may be away; with --once and --count also how long the next message "
            + "may take: 500ms, 30s, 5m. By default 5m.")

    public static let description = CommandDescription(
        name: "recvmsg",
        summary: "get messages from a relay",
        details: """
            Prints the messages that the relay has for the user, and those that come, one a line, \
            as they were sealed.

            A message counts as delivered once its line is written and recorded; then the relay \
            is told so and forgets it. Killed at whatever moment, recvmsg loses none: the relay \
            sends it again, and what was recorded is not printed again. It is printed twice only \
            where the kill fell between printing and recording, or where there is no room to record, \
            which is status 74, with the same id. With --inbox \
            each message comes exactly once, and files in DIR/new are complete; whoever reads \
            them moves them away. A message that cannot be put there stays at the relay. With --exec a message counts as delivered when the command \
            ends with status 0; if not, the relay keeps it and sends it again the next time. What is \
            left at the relay, of others than --from names too, keeps nothing behind it back.

            A line counts as written once the pipe has taken it, whether or not the program at its \
            other end reads it: in recvmsg | head -1, the lines that head leaves unread are got, \
            and lost. Ask for as many messages as are to be read, with --once or --count.

            Only one recvmsg runs for a login at a time; another waits for 10 seconds, or for the \
            time of --timeout if that is shorter, and gives up. Logins of one account that are not \
            registered as devices share a mailbox: what one of them took while another was away is \
            gone for that.

            The login is renewed when a connection is made with one that has run out, and only where \
            there is room to keep the new one: if not, recvmsg ends. A connection that stands is kept. \
            Once a renewal is asked for, its answer is waited for, up to 15 seconds, whatever --timeout \
            says and whatever signal comes: the old login is spent by it.

            SIGTERM and SIGINT end it in order: with status 0, or with --once and --count, where \
            fewer came than were asked for, with 128 and the number of the signal.
            """,
        sections: [
            OptionSection(nil, [once, count, follow, timeout]),
            OptionSection("Where to", [inbox, command]),
            OptionSection("Which", [from, markRead, relay, p2p]),
            OptionSection("Output", [StandardOption.json]),
        ],
        environment: [
            EnvironmentVariable("PARLEY_RELAY", "The relay where --relay is not given.")
        ],
        files: [
            FileNote("$XDG_CONFIG_HOME/parley/relays/", "The logins that relay-login made."),
            FileNote(
                "$XDG_STATE_HOME/parley/recvmsg/", "Which messages came, remembered for a week."),
        ],
        statuses: [
            ExitNote(.malformed, "The file of the login is damaged."),
            ExitNote(.noInput, "A file is not there."),
            ExitNote(.unavailable, "The relay was not reachable for the time of --timeout."),
            ExitNote(
                .cannotCreate,
                "The inbox, or the file of a login that has to be renewed, cannot be made."),
            ExitNote(
                .inputOutput,
                "Messages cannot be written, or there is no room to keep a new login."),
            ExitNote(
                .temporary,
                "No message came in time, a command failed, or another recvmsg is running."),
            ExitNote(
                .protocolViolation, "For the time of --timeout, what answered was no relay."),
            ExitNote(.notAllowed, "There is no login, or it has ended."),
        ],
        examples: [
            Example("recvmsg --once | decrypt -i bob.key", "Wait for a message, and read it."),
            Example("recvmsg --inbox ~/Inbox", "Collect messages in files."),
        ],
        seeAlso: ["decrypt(1)", "relay-login(1)", "sendmsg(1)"])

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        let store = AccountStore()
        var options = MessageReceiver.Options(
            sink: try sink(arguments), timeout: arguments[timeout])
        options.count = try count(arguments)
        options.sender = arguments[from]
        options.marksRead = arguments[markRead]
        let receiver = try MessageReceiver(
            options, from: store.relay(named: arguments[relay]), store: store,
            report: { console.report($0) },
            story: Story(
                note: { console.note($0) }, warn: { console.warn($0) },
                detail: { console.detail($0) }))
        if let signal = try receiver.run() { throw EndedBySignal(signal) }
    }

    private static func sink(_ arguments: Arguments) throws(UsageError) -> MessageSink {
        for (option, wanted) in [(inbox, "a directory"), (command, "a shell command")]
        where arguments[option] == "" {
            throw .badValue("", option: "--\(option.spec.name)", wanted: wanted)
        }
        switch (arguments[inbox], arguments[command]) {
        case (nil, nil): return .standardOutput
        case (let path?, nil): return .inbox(path)
        case (nil, let command?): return .command(command)
        case (_?, _?): throw .conflict("two places to put messages", hint: "give one")
        }
    }

    private static func count(_ arguments: Arguments) throws(UsageError) -> Int? {
        var answers: [Int?] = []
        if arguments[once] { answers.append(1) }
        if let count = arguments[count] { answers.append(count) }
        if arguments[follow] { answers.append(nil) }
        guard answers.count <= 1 else {
            throw .conflict("--once, --count and --follow exclude each other", hint: "give one")
        }
        return answers.first ?? nil
    }
}
