public import Failures

/// Why a text is not JSON, with the offset in bytes of the place.
public enum JSONError: Failure, Equatable {
    case unexpectedEnd
    case unexpectedByte(UInt8, at: Int)
    case badEscape(at: Int)
    case notUTF8
    case tooDeep(at: Int)
    case duplicateName(String)
    case trailingBytes(at: Int)

    public var kind: FailureKind { .malformed }
    public var code: String { "notJSON" }

    public var message: String {
        switch self {
        case .unexpectedEnd: "the JSON text ends too early"
        case .unexpectedByte(let byte, let offset):
            "not JSON: byte 0x\(String(byte, radix: 16)) at offset \(offset)"
        case .badEscape(let offset): "not JSON: bad escape at offset \(offset)"
        case .notUTF8: "not JSON: not UTF-8"
        case .tooDeep(let offset): "JSON nested too deeply at offset \(offset)"
        case .duplicateName(let name): "the JSON object has two members named \"\(name)\""
        case .trailingBytes(let offset): "more after the JSON value, at offset \(offset)"
        }
    }
}
