/// `a=imageattr`: the sizes of picture that can be sent and received (RFC 6236 section 3.1.1).
public struct ImageAttribute: LineValue {
    public static let form = LineForm.attribute("imageattr")

    public enum Sets: Equatable, Sendable {
        /// `*`: any.
        case any
        /// Each with `x`, `y`, `sar`, `par`, `q`, whose values may be ranges and lists in brackets.
        case sets([Parameters])
    }

    /// A payload type, or `*` for all.
    public var format: String
    public var send: Sets?
    public var recv: Sets?

    public init(format: String, send: Sets? = nil, recv: Sets? = nil) {
        self.format = format
        self.send = send
        self.recv = recv
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        format = try reader.word("payload type")
        repeat {
            let start = reader.position
            let direction = try reader.word("direction")
            let sets = try Self.sets(&reader)
            switch direction {
            case "send" where send == nil: send = sets
            case "recv" where recv == nil: recv = sets
            default: throw .badField("direction", text: direction, at: start)
            }
        } while !reader.isAtEnd
    }

    private static func sets(_ reader: inout ValueReader) throws(SDPError) -> Sets {
        if reader.takeIf(0x2a) {
            reader.skipSpaces()
            return .any
        }
        var sets: [Parameters] = []
        while reader.peek() == 0x5b {
            let start = reader.position
            let text = try reader.word("attribute set")
            guard text.utf8.count > 2, text.hasSuffix("]") else {
                throw .badField("attribute set", text: text, at: start)
            }
            sets.append(Parameters(splittingAtTopLevel: text.dropFirst().dropLast()))
        }
        guard !sets.isEmpty else { throw .missingField("attribute set", at: reader.position) }
        return .sets(sets)
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(format)
        for (direction, sets) in [("send", send), ("recv", recv)] {
            guard let sets else { continue }
            writer.word(direction)
            switch sets {
            case .any: writer.word("*")
            case .sets(let sets): writer.words(sets.map { "[\($0.text(separator: ","))]" })
            }
        }
    }
}

extension Parameters {
    /// `x=[320:16:640],y=240`: commas inside brackets separate nothing.
    fileprivate init(splittingAtTopLevel text: Substring) {
        var depth = 0
        var texts: [[UInt8]] = [[]]
        for byte in text.utf8 {
            switch byte {
            case 0x5b: depth &+= 1
            case 0x5d: depth &-= 1
            case 0x2c where depth <= 0:
                texts.append([])
                continue
            default: break
            }
            texts[texts.count &- 1].append(byte)
        }
        self.init(
            texts.map { part in
                let text = String(decoding: part, as: UTF8.self)
                guard let equals = text.firstIndex(of: "=") else { return Parameter(text) }
                return Parameter(
                    String(text[..<equals]), String(text[text.index(after: equals)...]))
            })
    }
}
