internal import CLI
internal import Failures
internal import JSON
internal import Platform
internal import SDP
internal import SDPRedaction
internal import SDPRules

/// What is done with each input, and how it is printed.
final class Inspection {
    enum Mode { case whole, sdp, candidates, explanation, lint, rules, difference, negotiation }

    let console: Console
    let mode: Mode
    let redactor: Redactor?
    /// Whether a person reads the answer.
    let printsText: Bool
    let profile: Profile
    /// Whether the user said which; where not, another may fit better.
    let isProfileGiven: Bool
    let role: DescriptionKind?
    /// The files to read; `-` is standard input.
    let paths: [String]
    /// What `--diff` or `--answer-to` names.
    private(set) var other: SessionDescription?
    /// What is said of the inputs so far, which decides the status.
    var judgement: Judgement?
    /// Whether a description broke rules of browsers that telephony does not have.
    var looksLikeTelephony = false
    /// The file that is read, where there are several.
    private(set) var fileName: String?

    init(_ arguments: Arguments, _ console: Console) throws {
        self.console = console
        mode = try Self.mode(arguments, console)
        redactor = try Self.redactor(arguments, console)
        if arguments[SDPInspect.text], console.printsJSON {
            throw UsageError.conflict("--text and --json are two outputs", hint: "give one of them")
        }
        printsText = arguments[SDPInspect.text] || !console.prefersJSON
        profile = arguments[SDPInspect.profile]
        isProfileGiven = arguments.isGiven(SDPInspect.profile)
        role = arguments[SDPInspect.role]
        paths = arguments.operands.isEmpty ? ["-"] : arguments.operands
        if let path = arguments[SDPInspect.diff] ?? arguments[SDPInspect.answerTo] {
            if path == "-", paths.contains("-") { throw InspectionError.standardInputTwice }
            let (other, type) = try Self.description(in: path, console)
            if arguments[SDPInspect.answerTo] != nil, DescriptionKind(sdpType: type) == .answer {
                console.warn("\(path) says that it is an answer, and is taken as the offer")
            }
            self.other = redactor?.redacted(other) ?? other
        }
    }

    /// The first description in a file.
    private static func description(
        in path: String, _ console: Console
    ) throws -> (SessionDescription, sdpType: String?) {
        let bytes = try InputFile(path).readAll(limit: InputFeed.byteCountLimit)
        let found: [SDPInput]
        do throws(SDPError) { found = try SDPInput.read(bytes) } catch {
            throw InspectionError.other(path, error)
        }
        let descriptions = found.compactMap(\.typedDescription)
        guard let first = descriptions.first else {
            throw InspectionError.other(path, found.fault ?? .noDescription)
        }
        if descriptions.count > 1 {
            console.warn("\(path) has \(descriptions.count) descriptions; the first is compared")
        }
        return first
    }

    private static func mode(_ arguments: Arguments, _ console: Console) throws(UsageError) -> Mode
    {
        var modes: [Mode] = []
        if arguments[SDPInspect.toSDP] { modes.append(.sdp) }
        if arguments[SDPInspect.candidates] { modes.append(.candidates) }
        if arguments[SDPInspect.explain] { modes.append(.explanation) }
        if arguments[SDPInspect.lint] { modes.append(.lint) }
        if arguments[SDPInspect.rules] { modes.append(.rules) }
        if arguments[SDPInspect.diff] != nil { modes.append(.difference) }
        // Lint of an answer knows its offer.
        if arguments[SDPInspect.answerTo] != nil, modes != [.lint] { modes.append(.negotiation) }
        guard modes.count <= 1 else {
            throw .conflict("two things to print at once", hint: "ask for one")
        }
        // What was redacted is to be passed on, as what it was.
        let isPassedOn = arguments[SDPInspect.redact] && !console.printsJSON
        return modes.first ?? (isPassedOn && !arguments[SDPInspect.text] ? .sdp : .whole)
    }

    /// Answers every input of a file, a line of JSON Lines as soon as it is there.
    func inspect(_ file: consuming InputFile) throws {
        fileName = paths.count > 1 ? file.name : nil
        var feed = InputFeed(file)
        while true {
            do {
                guard let input = try feed.next(beforeWaiting: { try console.flush() }) else {
                    break
                }
                try inspect(input)
            } catch let error as InspectionError {
                report(error, line: nil)
            }
        }
    }

    private func inspect(_ input: InputFeed.Input) throws {
        let found: [SDPInput]
        do throws(SDPError) { found = try SDPInput.read(input.bytes) } catch {
            if input.number != nil, SDPInput.isTransportPacket(input.bytes) {
                return console.detail("a packet of the transport is passed over")
            }
            return report(.input(error, isLine: input.number != nil), line: input.number)
        }
        for one in found {
            switch one {
            case .description(let description, let type):
                try show(redactor?.redacted(description) ?? description, type)
            case .candidate(let candidate):
                try show(redactor?.redacted(candidate) ?? candidate, line: input.number)
            case .fault(let error):
                report(.input(error, isLine: input.number != nil), line: input.number)
            }
        }
    }

    private func report(_ error: InspectionError, line: Int?) {
        console.report(error, line: line, file: fileName)
    }

    private func show(_ description: SessionDescription, _ type: String?) throws {
        switch mode {
        case .sdp: try write(description.encoded)
        case .whole where printsText: try give(Summary(description, type: type).lines)
        case .whole: try console.print(description.encodedJSON(sdpType: type))
        case .candidates: try showCandidates(of: description)
        case .explanation: try explain(description, type)
        case .lint where description.isAttributesAlone:
            console.note("attributes by themselves are not judged")
        case .lint:
            warnOfOffer(type)
            try lint(description, type)
        case .difference: try compare(description)
        case .negotiation:
            warnOfOffer(type)
            try negotiate(description)
        case .rules: break
        }
    }

    /// The two files of `--answer-to` are easily swapped.
    private func warnOfOffer(_ type: String?) {
        guard other != nil, DescriptionKind(sdpType: type) == .offer else { return }
        console.warn("this says that it is an offer, and is taken as the answer")
    }

    private func show(_ candidate: TrickledCandidate, line: Int?) throws {
        switch mode {
        case .sdp: try write(Array((candidate.sdpLine + "\r\n").utf8))
        case .explanation: try explain(candidate)
        case .lint where other == nil: try lint(candidate, line: line)
        case .lint, .rules, .difference, .negotiation:
            // Trickled candidates come between descriptions, and are not what was asked for.
            console.detail("a candidate by itself is passed over")
        case .whole, .candidates:
            let found: FoundCandidate
            do throws(SDPError) { found = try FoundCandidate(candidate) } catch {
                return report(.candidate(error, isLine: line != nil), line: line)
            }
            if printsText { try give(found.lines) } else { try console.print(found.json.text) }
        }
    }

    private func showCandidates(of description: SessionDescription) throws {
        let (candidates, faults) = FoundCandidate.all(in: description)
        if printsText {
            try give(FoundCandidate.table(candidates))
        } else {
            for candidate in candidates { try console.print(candidate.json.text) }
        }
        for fault in faults { report(.input(fault, isLine: false), line: nil) }
    }

    /// SDP, whose bytes are not to be harmed unless a terminal would be.
    private func write(_ bytes: [UInt8]) throws(FileError) {
        guard console.outputIsTerminal else { return try console.write(bytes) }
        try console.write(escapedMessage(String(decoding: bytes, as: UTF8.self)).utf8)
    }

    func give(_ lines: [String]) throws(FileError) {
        for line in lines {
            try console.print(console.outputIsTerminal ? escapedForTerminal(line) : line)
        }
    }
}

extension SessionDescription {
    /// Whether there is nothing but attributes, as between candidates that are sent by themselves.
    fileprivate var isAttributesAlone: Bool {
        media.isEmpty && lines.allSatisfy { $0.type == .attribute || $0.isBlank }
    }
}

extension SDPInput {
    fileprivate var typedDescription: (SessionDescription, sdpType: String?)? {
        if case .description(let description, let type) = self { (description, type) } else { nil }
    }
}

extension [SDPInput] {
    fileprivate var fault: SDPError? {
        for case .fault(let error) in self { return error }
        return nil
    }
}
