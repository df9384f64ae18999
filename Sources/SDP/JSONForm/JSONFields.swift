internal import JSON

/// A line's value that is an object in the JSON form.
///
/// What is written must read as an equal value: the JSON form depends on it.
protocol JSONFields: LineValue {
    init(fields: inout FieldReader) throws(SDPError)
    func write(to fields: inout FieldWriter)
    /// Whether members in another order would still be the same line.
    var isOrderSafe: Bool { get }
}

extension JSONFields {
    var isOrderSafe: Bool { true }
}

extension Origin: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            username: try fields.text("username"), sessionID: try fields.text("sessionId"),
            sessionVersion: try fields.text("sessionVersion"),
            networkType: try fields.text("networkType"),
            addressType: try fields.text("addressType"), address: try fields.text("address"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("username", username)
        fields.text("sessionId", sessionID)
        fields.text("sessionVersion", sessionVersion)
        fields.text("networkType", networkType)
        fields.text("addressType", addressType)
        fields.text("address", address)
    }
}

extension EmailAddress: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) { self.init(try fields.text("value")) }
    func write(to fields: inout FieldWriter) { fields.text("value", value) }
}

extension PhoneNumber: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) { self.init(try fields.text("value")) }
    func write(to fields: inout FieldWriter) { fields.text("value", value) }
}

extension Connection: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            networkType: try fields.text("networkType"),
            addressType: try fields.text("addressType"), address: try fields.text("address"),
            timeToLive: try fields.optionalNumber("ttl"),
            addressCount: try fields.optionalNumber("addressCount"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("networkType", networkType)
        fields.text("addressType", addressType)
        fields.text("address", address)
        fields.number("ttl", timeToLive)
        fields.number("addressCount", addressCount)
    }
}

extension Bandwidth: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(try fields.text("modifier"), try fields.number("value"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("modifier", modifier)
        fields.number("value", value)
    }
}

extension Timing: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(start: try fields.number("start"), stop: try fields.number("stop"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("start", start)
        fields.number("stop", stop)
    }
}

extension RepeatTimes: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            interval: try fields.text("interval"), duration: try fields.text("duration"),
            offsets: try fields.texts("offsets"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("interval", interval)
        fields.text("duration", duration)
        fields.texts("offsets", offsets)
    }
}

extension TimeZones: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            try fields.objects("adjustments") { fields throws(SDPError) in
                Adjustment(time: try fields.number("time"), offset: try fields.text("offset"))
            })
    }

    func write(to fields: inout FieldWriter) {
        fields.objects("adjustments", adjustments) { fields, adjustment in
            fields.number("time", adjustment.time)
            fields.text("offset", adjustment.offset)
        }
    }
}

extension EncryptionKey: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(try fields.text("method"), try fields.optionalText("key"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("method", method)
        fields.text("key", key)
    }
}

extension MediaLine: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            kind: try fields.text("kind"), port: try fields.number("port"),
            portCount: try fields.optionalNumber("portCount"),
            transport: MediaProtocol(try fields.text("protocol")),
            formats: try fields.texts("formats"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("kind", kind)
        fields.number("port", port)
        fields.number("portCount", portCount)
        fields.text("protocol", transport.text)
        fields.texts("formats", formats)
    }

    /// The members of a media description that are its `m=` line.
    static let memberNames: Set<String> = ["kind", "port", "portCount", "protocol", "formats"]
}
