internal import CLI
internal import Crypto
internal import CryptoJS
internal import Keyring
internal import Platform

/// Opens CryptoJS texts as their lines come: one in as many lines as it has, or several that each
/// begin a line. What comes after a text of a single line is given out with each line that opens.
struct CryptoJSOpening: ~Copyable {
    private let console: Console
    private let passphrase: SharedSecret
    private var output: OutputFile
    /// The text that is being read, without white space, and the line that it began in.
    private var text: [UInt8] = []
    private var firstLine = 1
    private var lineCount = 0
    /// Whether a text of a single line was followed by another.
    private var isByLine = false
    /// Whether the rest of a text that is too long is passed over.
    private var skips = false
    /// Whether what was written did not end its line.
    private var owesLineEnd = false

    init(_ console: Console, _ passphrase: SharedSecret, to output: consuming OutputFile) {
        self.console = console
        self.passphrase = passphrase
        self.output = output
    }

    mutating func take(_ line: LineSource.Line) throws {
        if let fault = line.fault { return console.report(fault, line: line.number) }
        let bytes = line.text.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }
        guard !bytes.isEmpty else { return }
        if bytes.starts(with: SaltedText.beginning.utf8) {
            if lineCount == 1 { isByLine = true }
            try finishText()
            (firstLine, skips) = (line.number, false)
        } else if skips {
            return
        } else if isByLine, text.isEmpty {
            return console.report(CryptoJSError.notSalted, line: line.number)
        }
        try extend(with: bytes)
    }

    private mutating func extend(with bytes: [UInt8]) throws {
        text += bytes
        lineCount += 1
        guard text.count <= SaltedText.maximumByteCount else {
            console.report(CryptoJSError.tooLong, line: firstLine)
            (text, skips) = ([], true)
            return
        }
        // What does not open may go on in the next line.
        guard isByLine, let plaintext = try? SaltedText.open(text, passphrase: passphrase) else {
            return
        }
        try write(plaintext)
    }

    private mutating func finishText() throws {
        lineCount = 0
        guard !text.isEmpty else { return }
        let plaintext: [UInt8]
        do throws(CryptoJSError) {
            plaintext = try SaltedText.open(text, passphrase: passphrase)
        } catch {
            text = []
            return console.report(error, line: firstLine)
        }
        try write(plaintext)
    }

    private mutating func write(_ plaintext: consuming [UInt8]) throws {
        text = []
        defer { wipe(&plaintext) }
        if owesLineEnd { try output.write([0x0a]) }
        let endsLine = plaintext.last == 0x0a
        owesLineEnd = !endsLine && !isByLine
        try output.write(endsLine || owesLineEnd ? plaintext : plaintext + [0x0a])
    }

    /// Opens what was read last; nothing stays of a file where something did not open.
    consuming func finish() throws {
        try finishText()
        if console.failure == nil || output.isStandardOutput { try output.commit() }
    }
}
