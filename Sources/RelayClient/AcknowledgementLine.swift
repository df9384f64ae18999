internal import JSON

/// What `sendmsg --event` prints for an event that the relay acknowledged.
func acknowledgementLine(event: String, arguments: [UInt8]) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("type")
    writer.string("acknowledgement")
    writer.name("event")
    writer.string(event)
    writer.name("arguments")
    writer.raw([0x5b] + arguments + [0x5d])
    writer.endObject()
    return writer.bytes
}
