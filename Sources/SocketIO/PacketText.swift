internal import JSON
internal import Wire

/// How the text of an EVENT or ACK packet is put together of its parts, straight in the buffer of a
/// connection.
struct PacketText {
    private let type: PacketType
    private let attachmentCount: Int
    private let ackID: UInt64?

    /// - Parameter isEvent: whether it is an EVENT, which has a name, or an ACK.
    init(isEvent: Bool, ackID: UInt64?, attachmentCount: Int) {
        let isBinary = attachmentCount > 0
        type = isEvent ? (isBinary ? .binaryEvent : .event) : (isBinary ? .binaryAck : .ack)
        self.attachmentCount = attachmentCount
        self.ackID = ackID
    }

    private var isEvent: Bool { type == .event || type == .binaryEvent }

    /// What stands between the quotes of a name.
    static func escaped(_ name: String) -> ArraySlice<UInt8> {
        JSON.string(name).encoded.dropFirst().dropLast()
    }

    /// - Parameters:
    ///   - prefix: the namespace with its comma; empty for the main one.
    ///   - name: escaped; empty for an ACK.
    ///   - arguments: JSON texts with commas between.
    func byteCount(
        prefix: Span<UInt8>, name: Span<UInt8>, arguments: Span<UInt8>
    ) -> Int {
        var count = 3 &+ prefix.count &+ arguments.count
        if attachmentCount > 0 { count &+= Self.digitCount(UInt64(attachmentCount)) &+ 1 }
        if let ackID { count &+= Self.digitCount(ackID) }
        if isEvent { count &+= name.count &+ (arguments.isEmpty ? 2 : 3) }
        return count
    }

    func append(
        prefix: Span<UInt8>, name: Span<UInt8>, arguments: Span<UInt8>, to output: inout [UInt8]
    ) {
        let count = byteCount(prefix: prefix, name: name, arguments: arguments)
        output.append(addingCapacity: count) { output in
            output.append(type.rawValue)
            if attachmentCount > 0 {
                Self.appendDecimal(UInt64(attachmentCount), to: &output)
                output.append(0x2d)
            }
            if !prefix.isEmpty { output.append(contentsOf: prefix) }
            if let ackID { Self.appendDecimal(ackID, to: &output) }
            output.append(0x5b)
            if isEvent {
                output.append(0x22)
                output.append(contentsOf: name)
                output.append(0x22)
                if !arguments.isEmpty { output.append(0x2c) }
            }
            output.append(contentsOf: arguments)
            output.append(0x5d)
        }
    }

    private static func digitCount(_ value: UInt64) -> Int {
        var (count, rest) = (1, value / 10)
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    private static func appendDecimal(_ value: UInt64, to output: inout OutputSpan<UInt8>) {
        for digit in String(value).utf8 { output.append(digit) }
    }
}
