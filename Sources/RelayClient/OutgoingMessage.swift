public import Failures
internal import JSON

/// Why a line cannot be sent.
public enum LineError: Failure, Equatable {
    /// It is no JSON object.
    case notJSON
    /// It is JSON, but nothing that `encrypt` writes.
    case notSealed
    /// A member of the envelope has a name that is the relay's own.
    case reservedName(String)
    case badID
    case tooLong(limit: Int)
    /// With `--event`: neither an object nor an array.
    case notArguments

    public var kind: FailureKind { .malformed }

    public var code: String {
        switch self {
        case .notJSON, .notSealed: "notSealed"
        case .reservedName: "reservedName"
        case .badID: "badID"
        case .tooLong: "tooLong"
        case .notArguments: "notJSON"
        }
    }

    public var message: String {
        switch self {
        case .notJSON: "this is not an envelope but plain text"
        case .notSealed: "this is not an envelope"
        case .reservedName(let name): "an envelope cannot have a member \"\(name)\""
        case .badID: "the id of the envelope is not 1 to 128 printable characters"
        case .tooLong(let limit): "the message is longer than \(limit) bytes"
        case .notArguments: "this is neither a JSON object nor an array"
        }
    }

    public var hint: String? {
        switch self {
        case .notJSON, .notSealed: "pipe it through encrypt"
        case .tooLong: OutgoingMessage.tooLongHint
        case .notArguments: "give the event's argument, or an array of its arguments"
        default: nil
        }
    }
}

/// What one line of input asks to have sent.
struct OutgoingMessage: Equatable {
    let event: String
    /// JSON values with commas between them.
    let arguments: [UInt8]
    /// What the relay's answers name it by; nil for an event, which is answered by its number.
    let id: String?
    /// The sequence number of the envelope, as it stands there.
    let sequence: String?

    /// Bytes that one message may have; relays refuse more than 2,000,000 with all that is around.
    static let limit = 1_990_000
    static let tooLongHint = "seal it as a file, with encrypt --format age, and carry that"

    /// The members that the relay adds, or that name the receiver.
    static let relayNames: Set<String> = [
        "senderId", "senderUsername", "recipientId", "recipient_id", "messageId", "messageType",
        "timestamp",
    ]

    /// An envelope as `encrypt` wrote it: its members go to the relay byte for byte.
    init(envelope line: [UInt8], to user: String) throws(LineError) {
        guard line.count <= Self.limit else { throw .tooLong(limit: Self.limit) }
        guard JSONScanner.isUTF8(line[...]) else { throw .notJSON }
        var fields = EnvelopeFields()
        var body: Range<Int> = 0..<0
        do throws(JSONError) {
            var scanner = JSONScanner(line)
            guard scanner.peek() == 0x7b else { throw .unexpectedEnd }
            let start = scanner.position + 1
            try scanner.members { name, value throws(JSONError) in
                fields.take(line[name], line[value])
            }
            body = start..<scanner.position - 1
            try scanner.expectEnd()
        } catch { throw .notJSON }
        guard fields.isSealed else { throw .notSealed }
        if let name = fields.reserved { throw .reservedName(name) }
        guard let id = fields.id, (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ 0x21...0x7e ~= $0 })
        else { throw .badID }
        self.id = id
        sequence = fields.sequence
        event = "send_message"
        var text = Array(#"{"recipientId":"#.utf8)
        text.reserveCapacity(line.count + user.utf8.count + 128)
        text += JSON.string(user).encoded
        text += Array(#","messageId":"#.utf8)
        text += JSON.string(id).encoded
        text += Array(#","messageType":"text","#.utf8)
        text += line[body]
        text.append(0x7d)
        arguments = text
    }

    /// An event as it stands: an object is its one argument, an array all of them.
    init(event: String, _ line: [UInt8]) throws(LineError) {
        guard line.count <= Self.limit else { throw .tooLong(limit: Self.limit) }
        guard let json = try? JSON(parsing: line) else { throw .notArguments }
        self.event = event
        id = nil
        sequence = nil
        switch json {
        case .object: arguments = line
        case .array(let values):
            arguments = Array(values.map(\.encoded).joined(separator: CollectionOfOne(0x2c)))
        default: throw .notArguments
        }
    }
}

/// What is looked at in an envelope that is to be sent.
private struct EnvelopeFields {
    private var isMessage = false
    private var present: Set<String> = []
    private(set) var id: String?
    private(set) var sequence: String?
    private(set) var reserved: String?

    /// Whether it has all that the relay asks of a message; plain text has not.
    var isSealed: Bool { isMessage && present.isSuperset(of: ["ciphertext", "iv", "tag", "seq"]) }

    mutating func take(_ rawName: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        let name = memberName(rawName)
        switch name {
        case "type": isMessage = value.elementsEqual(#""message""#.utf8)
        case "id": id = (try? JSON(parsing: value))?.string
        case "seq":
            let text = String(decoding: value, as: UTF8.self)
            if Int64(text) != nil {
                sequence = text
                present.insert(name)
            }
        case "ciphertext":
            // Words with spaces between them are no ciphertext, wherever they stand.
            if value.first == 0x22, value.allSatisfy(\.isInBase64String) { present.insert(name) }
        case "iv", "tag": if value.first == 0x22 { present.insert(name) }
        default: if OutgoingMessage.relayNames.contains(name) { reserved = name }
        }
    }
}

extension UInt8 {
    /// Of Base64 with either alphabet (RFC 4648), in quotes; JSON may have a backslash before a slash.
    fileprivate var isInBase64String: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x22, 0x2b, 0x2d, 0x2f, 0x3d, 0x5c, 0x5f: true
        default: false
        }
    }
}
