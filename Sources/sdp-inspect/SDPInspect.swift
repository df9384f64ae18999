public import CLI
internal import Failures
internal import Platform
internal import SDP
internal import SDPRules

/// Reads session descriptions: shows, explains, checks, compares and redacts them.
public enum SDPInspect: Command {
    static let toSDP = Option.flag("to-sdp", "Print SDP, byte for byte where nothing was changed.")
    static let candidates = Option.flag("candidates", "Print the ICE candidates, decoded.")
    static let explain = Option.flag("explain", "Print each line in words, with its RFC section.")
    static let lint = Option.flag("lint", "Print what is wrong, each by the rule it breaks.")
    static let rules = Option.flag("rules", "List the rules of --lint, and stop.")
    static let diff = Option.file(
        "diff", value: "OTHER", "Print what changed in its meaning since OTHER.")
    static let answerTo = Option.file(
        "answer-to", value: "OFFER",
        "Print whether this answers OFFER, and what was agreed on; with --lint what is wrong.")
    static let profile = Option<Profile>.choice(
        "profile", default: .webrtc,
        "Judge by what browsers (webrtc, as if not given), telephones or streamers need.")
    static let role = optionalChoice(
        "as", of: DescriptionKind.self, "Judge as this, where the input does not say what it is.")
    static let text = Option.flag("text", "Print for a person, into a pipe too.")
    static let redact = Option.flag(
        "redact", "Put pseudonyms in the place of addresses, names, credentials and identifiers.")
    static let redactionKey = Option.file(
        "redact-key", value: "KEY", "Make pseudonyms with this key, not with the user's own.")

    public static let description = CommandDescription(
        name: "sdp-inspect",
        summary: "read, explain, check and compare session descriptions",
        details: """
            Reads session descriptions (SDP, RFC 8866) of WebRTC, SIP and RTSP from files or \
            standard input. On a terminal it prints a summary, else all that was read as JSON, one \
            object a line, from which --to-sdp makes the same bytes again. A member that was \
            changed in between changes its line and no other.

            The input is found in any wrapping: SDP, JSON that has type and sdp somewhere inside, \
            a Socket.IO frame, Base64 of these, written-out line ends, a SIP message, a pasted \
            log, the string literals of a program; and candidates, as lines with or without a= or as JSON with candidate and sdpMid. \
            A text may hold several, and each is a result of its own; what stands around them, a \
            byte order mark too, is none of them. Where the first line is JSON, a frame or a \
            candidate, every line is an input of its own and is answered at once; but SDP that \
            begins among them with the line v=0 goes on to the next line that is JSON, a frame or a \
            candidate without a=. Packets of Engine.IO and Socket.IO that carry no message are \
            passed over.

            JSON that is a description without its type, or another result of sdp-inspect, is \
            refused, and so is an input of more than 64 MiB.

            With --redact addresses, names, ICE credentials, fingerprints, keys, SSRCs, \
            identifiers, mid and rid that tell something, and every word of attributes that are \
            not known, become pseudonyms in whatever is printed; without another option that is \
            SDP. The same value has the same pseudonym in each run, by a key that only the user \
            can read, so redacted descriptions still compare; others who are to get the same ones \
            need the key. Private addresses stay private ones, ports and lengths stay as they are.

            --lint says which rules are broken, with line, RFC section and a hint, for the uses \
            that --profile names: webrtc is for browsers (JSEP, RFC 9429), sip for telephony \
            (RFC 3264), rtsp for streams that are described and not negotiated. Without --profile \
            it is webrtc, so a plain offer of a telephone has errors. With --answer-to, --lint \
            tells what is wrong with the answer and with both together; what is wrong with the \
            offer alone, --lint --as offer OFFER tells. A candidate by itself is judged by the \
            rules that look at one, and a fragment of trickled candidates (RFC 8840) by those \
            that do not ask for the whole. --answer-to and --diff take a second description, from \
            a file in any wrapping; without FILE the first is still standard input.

            Where lines of the SDP are not what they should be, they are kept and shown as they \
            are.
            """,
        sections: [
            OptionSection(
                nil, [toSDP, candidates, explain, lint, rules, diff, answerTo, profile, role]),
            OptionSection("Redaction", [redact, redactionKey]),
            OptionSection("Output", [StandardOption.json, text]),
        ],
        operands: [Operand("FILE", .any, .file("FILE"), "Files to read; - is standard input.")],
        files: [
            FileNote(
                "$XDG_STATE_HOME/parley/redaction.key",
                "What pseudonyms are made with; it is made when it is first needed.")
        ],
        notes: [jsonNote],
        statuses: [
            ExitNote(
                .refused,
                "Lint found an error, the answer is not acceptable, or two descriptions differ."),
            ExitNote(.malformed, "An input is not SDP, nor JSON of it."),
            ExitNote(.noInput, "There is no such file."),
            ExitNote(.notAllowed, "Others can read the key file."),
        ],
        examples: [
            Example("sdp-inspect offer.sdp", "Print a summary."),
            Example(
                "sdp-inspect --json offer.sdp | jq '.media[0].direction = \"sendonly\"' |"
                    + " sdp-inspect --to-sdp",
                "Change one line."),
            Example("sdp-inspect --lint offer.sdp", "Check it, before the call."),
            Example(
                "sdp-inspect --answer-to offer.sdp answer.sdp", "Tell what the call will be like."),
            Example("sdp-inspect --diff offer.sdp reoffer.sdp", "Tell what changed."),
            Example("sdp-inspect --candidates candidates.txt", "Decode candidates."),
            Example("sdp-inspect --redact offer.sdp > public.sdp", "Make it fit to be shown."),
        ],
        seeAlso: ["keygen(1)"])

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        let inspection = try Inspection(arguments, console)
        if inspection.mode == .rules { return try inspection.listRules() }
        for path in inspection.paths {
            do { try inspection.inspect(InputFile(path)) } catch let error as FileError {
                // The other files are read all the same.
                guard inspection.paths.count > 1 else { throw error }
                console.report(error)
            }
        }
        try inspection.reportJudgement()
    }
}
