public import CLI
internal import Failures
internal import Platform
internal import RelayClient

/// Carries what `encrypt` sealed to a user of a relay.
public enum SendMsg: Command {
    enum Route: String, CaseIterable, Sendable { case off }
    enum Goal: String, CaseIterable, Sendable { case delivered, read }

    static let to = Option.text(
        "to", value: "USER", "The receiver: an e-mail address or a user id.")
    static let relay = Option.text(
        "relay", value: "URL", "The relay, in place of $PARLEY_RELAY or the only one known.")
    static let wait = optionalChoice(
        "wait", of: Goal.self, "Wait until the receiver's client has the message, or it is read.")
    static let event = Option.text(
        "event", value: "NAME", "Send each line as the argument of this event, as it stands.")
    static let p2p = Option<Route>.choice(
        "p2p", default: .off, "Whether to try a connection of the two peers' own.")
    static let timeout = Option.duration(
        "timeout", atLeast: .milliseconds(1), default: .seconds(60),
        "How long the relay may be away, or a message may wait for its answer: 500ms, 30s, 5m. "
            + "By default 60s.")

    public static let description = CommandDescription(
        name: "sendmsg",
        summary: "send sealed messages through a relay",
        details: """
            Reads envelopes from standard input, one a line, as encrypt writes them, and sends \
            each as it comes. For each it prints a receipt, in the order of the input, once the \
            relay has stored the message: the relay keeps it until the receiver has it. With \
            --wait the receipt comes when the receiver's client says so; of a message that was sent \
            before, also when the relay has given it to a client that never says so.

            When the connection is lost it is made again, and what has no answer yet is sent \
            again; the relay knows a message by its id and stores it once. Where no answer comes in \
            the time of --timeout, the receipt has the status notSent for a message that did not go \
            out, and unknown for one that did, since the relay may have it: it is safe to send the \
            same envelope again. A renewal of the login is waited for, up to 15 seconds, all the same, \
            and SIGINT, SIGTERM and SIGHUP act after it: the old login is spent by it.

            Plain text is refused. An envelope may have 1,990,000 bytes, which hold 1,474,000 bytes of message: seal \
            what is longer as a file, and carry that.

            With --event the lines are JSON: an object is the argument of the event, an array all \
            its arguments. What the relay acknowledges it with is printed.
            """,
        sections: [
            OptionSection(nil, [to, relay, wait, timeout, event, p2p]),
            OptionSection("Output", [StandardOption.json]),
        ],
        environment: [
            EnvironmentVariable("PARLEY_RELAY", "The relay where --relay is not given.")
        ],
        files: [
            FileNote("$XDG_CONFIG_HOME/parley/relays/", "The logins that relay-login made.")
        ],
        statuses: [
            ExitNote(.refused, "The relay refuses a message: there is no such user."),
            ExitNote(.malformed, "A line is no envelope, or the file of the login is damaged."),
            ExitNote(.noInput, "A file is not there."),
            ExitNote(.unavailable, "The relay was not reachable for the time of --timeout."),
            ExitNote(
                .cannotCreate, "The login has run out, and no file for a new one can be made."),
            ExitNote(
                .inputOutput,
                "Reading or writing failed, or there is no room to keep a new login."),
            ExitNote(
                .temporary,
                "There was no answer in the time of --timeout, or the relay has no room now."),
            ExitNote(
                .protocolViolation, "For the time of --timeout, what answered was no relay."),
            ExitNote(.notAllowed, "There is no login, or it has ended."),
        ],
        examples: [
            Example(
                "echo hello | encrypt -i alice.key -r bob.pub | sendmsg --to bob@example.com",
                "Send a message."),
            Example(
                #"echo '{"recipientId":"bob@example.com"}' | sendmsg --event typing:start"#,
                "Send an event."),
        ],
        seeAlso: ["encrypt(1)", "recvmsg(1)", "relay-login(1)"])

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        let store = AccountStore()
        let mode = try mode(arguments)
        let report = MessageSender.Report(
            line: { if !console.isQuiet { try console.print(shown($0, console)) } },
            failure: { failure, line in console.report(failure, line: line) },
            flush: { try console.flush() })
        let sender = try MessageSender(
            mode, to: store.relay(named: arguments[relay]), store: store,
            timeout: arguments[timeout], report: report,
            story: Story(
                note: { console.note($0) }, warn: { console.warn($0) },
                detail: { console.detail($0) }))
        try sender.run(reading: FileDescriptor.standardInput.number)
    }

    /// A receipt, or a relay's answer, which on a terminal must not act on it.
    private static func shown(_ line: [UInt8], _ console: Console) -> [UInt8] {
        guard console.outputIsTerminal else { return line }
        return Array(escapedInJSON(String(decoding: line, as: UTF8.self)).utf8)
    }

    private static func mode(_ arguments: Arguments) throws(UsageError) -> MessageSender.Mode {
        if let event = arguments[event] {
            guard arguments[to] == nil, arguments[wait] == nil else {
                throw .conflict(
                    "an event says itself whom it is for", hint: "leave --to and --wait out")
            }
            guard !event.isEmpty, !MessageSender.reservedEvents.contains(event) else {
                throw .badValue(
                    event, option: "--event", wanted: "a name that Socket.IO does not reserve")
            }
            return .event(event)
        }
        guard let user = arguments[to] else { throw .missingOption("--to") }
        guard !user.isEmpty else {
            throw .badValue(user, option: "--to", wanted: "an e-mail address or a user id")
        }
        let goal: DeliveryStatus =
            switch arguments[wait] {
            case nil: .stored
            case .delivered: .delivered
            case .read: .read
            }
        return .envelopes(to: user, goal: goal)
    }
}
