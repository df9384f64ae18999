internal import JSON

/// The text of an EVENT or ACK packet in parts, so that it can be written straight into the buffer
/// of a connection.
struct PacketText {
    private let type: PacketType
    private let attachmentCount: Int
    /// The namespace with its comma; empty for the main one.
    private let prefix: [UInt8]
    private let ackID: UInt64?
    private let name: ArraySlice<UInt8>?
    private let arguments: ArraySlice<UInt8>

    /// - Parameters:
    ///   - name: in UTF-8; nil for an ACK.
    ///   - arguments: JSON texts with commas between.
    init(
        name: ArraySlice<UInt8>?, arguments: ArraySlice<UInt8>, prefix: [UInt8], ackID: UInt64?,
        attachmentCount: Int
    ) {
        let isBinary = attachmentCount > 0
        type =
            name == nil ? (isBinary ? .binaryAck : .ack) : (isBinary ? .binaryEvent : .event)
        self.attachmentCount = attachmentCount
        self.prefix = prefix
        self.ackID = ackID
        self.name = name.map(Self.escaped)
        self.arguments = arguments
    }

    /// The text between the quotes; almost always the name itself.
    private static func escaped(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for byte in name where byte < 0x20 || byte == 0x22 || byte == 0x5c {
            let quoted = JSON.string(String(decoding: name, as: UTF8.self)).encoded
            return quoted.dropFirst().dropLast()
        }
        return name
    }

    var byteCount: Int {
        var count = 3 &+ prefix.count &+ arguments.count
        if attachmentCount > 0 { count &+= Self.digitCount(UInt64(attachmentCount)) &+ 1 }
        if let ackID { count &+= Self.digitCount(ackID) }
        if let name { count &+= name.count &+ (arguments.isEmpty ? 2 : 3) }
        return count
    }

    func append(to output: inout [UInt8]) {
        output.append(type.rawValue)
        if attachmentCount > 0 {
            Self.appendDecimal(UInt64(attachmentCount), to: &output)
            output.append(0x2d)
        }
        if !prefix.isEmpty { output.append(contentsOf: prefix) }
        if let ackID { Self.appendDecimal(ackID, to: &output) }
        output.append(0x5b)
        if let name {
            output.append(0x22)
            output.append(contentsOf: name)
            output.append(0x22)
            if !arguments.isEmpty { output.append(0x2c) }
        }
        output.append(contentsOf: arguments)
        output.append(0x5d)
    }

    private static func digitCount(_ value: UInt64) -> Int {
        var (count, rest) = (1, value / 10)
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    private static func appendDecimal(_ value: UInt64, to output: inout [UInt8]) {
        output.append(contentsOf: String(value).utf8)
    }
}
