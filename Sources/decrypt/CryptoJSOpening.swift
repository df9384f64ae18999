internal import CLI
internal import Crypto
internal import CryptoJS
internal import Keyring
internal import Platform

/// Opens CryptoJS texts as their lines come: one in as many lines as it has, or several that each
/// begin a line. What its first line alone opens is given out at once, where it cannot be the
/// beginning of a longer text or others came as single lines, too.
struct CryptoJSOpening: ~Copyable {
    /// A text that is being read, without white space.
    private struct Text {
        var bytes: [UInt8]
        let firstLine: Int
        let firstLineByteCount: Int
        /// The line after the first, where one came.
        var secondLine: Int?

        init(_ bytes: [UInt8], line: Int) {
            (self.bytes, firstLine, firstLineByteCount) = (bytes, line, bytes.count)
        }
    }

    private let console: Console
    private let passphrase: SharedSecret
    private var output: OutputFile
    private var text: Text?
    /// Whether a text of a single line was there already.
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
        let begins = bytes.starts(with: SaltedText.beginning.utf8)
        if begins {
            if let text, text.secondLine == nil { isByLine = true }
            try finishText()
            skips = false
        } else if skips {
            return
        } else if text == nil, isByLine {
            return console.report(CryptoJSError.notSalted, line: line.number)
        }
        if text == nil {
            try begin(Text(bytes, line: line.number))
        } else {
            extend(with: bytes, line: line.number)
        }
    }

    private mutating func begin(_ text: Text) throws {
        self.text = text
        guard isByLine || !SaltedText.mayGoOn(after: text.bytes),
            let plaintext = try? SaltedText.open(text.bytes, passphrase: passphrase)
        else { return }
        try write(plaintext)
        isByLine = true
    }

    private mutating func extend(with bytes: [UInt8], line: Int) {
        text?.bytes += bytes
        if text?.secondLine == nil { text?.secondLine = line }
        guard let text, text.bytes.count > SaltedText.maximumByteCount else { return }
        console.report(CryptoJSError.tooLong, line: text.firstLine)
        (self.text, skips) = (nil, true)
    }

    private mutating func finishText() throws {
        guard let text else { return }
        let plaintext: [UInt8]
        do throws(CryptoJSError) {
            plaintext = try SaltedText.open(text.bytes, passphrase: passphrase)
        } catch {
            return try finish(text, thatFailedWith: error)
        }
        try write(plaintext)
    }

    /// The first line may have been a message on its own, and what came after it none.
    private mutating func finish(_ text: Text, thatFailedWith error: CryptoJSError) throws {
        self.text = nil
        let first = Array(text.bytes.prefix(text.firstLineByteCount))
        guard let secondLine = text.secondLine,
            let plaintext = try? SaltedText.open(first, passphrase: passphrase)
        else { return console.report(error, line: text.firstLine) }
        isByLine = true
        try write(plaintext)
        console.report(CryptoJSError.notSalted, line: secondLine)
    }

    private mutating func write(_ plaintext: consuming [UInt8]) throws {
        text = nil
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
