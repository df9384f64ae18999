/// `c=`: where media is sent to (RFC 8866 section 5.7).
public struct Connection: LineValue {
    public static let form = LineForm.line(.connection)

    public var networkType: String
    public var addressType: String
    /// The address or host name, without what follows a slash.
    public var address: String
    /// The time to live of IPv4 multicast.
    public var timeToLive: UInt32?
    /// How many adjacent multicast addresses are used; nil is one.
    public var addressCount: UInt32?

    public init(
        networkType: String = "IN", addressType: String = "IP4", address: String,
        timeToLive: UInt32? = nil, addressCount: UInt32? = nil
    ) {
        self.networkType = networkType
        self.addressType = addressType
        self.address = address
        self.timeToLive = timeToLive
        self.addressCount = addressCount
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        networkType = try reader.word("network type")
        addressType = try reader.word("address type")
        let (start, text) = (reader.position, try reader.word("address"))
        address = text
        guard text.utf8.contains(0x2f) else { return }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        address = String(parts[0])
        // IPv6 has no time to live: its one number is the count.
        let names = addressType == "IP6" ? ["address count"] : ["time to live", "address count"]
        guard parts.count <= names.count + 1 else {
            throw .unexpectedText(String(parts[names.count + 1]), at: start)
        }
        for (name, part) in zip(names, parts.dropFirst()) {
            guard let number = DecimalNumber<UInt32>(part.utf8).value else {
                throw .badField(name, text: String(part), at: start)
            }
            if name == "time to live" { timeToLive = number } else { addressCount = number }
        }
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(networkType) \(addressType) \(address)")
        if let timeToLive { writer.text("/\(timeToLive)") }
        if let addressCount { writer.text("/\(addressCount)") }
    }
}
