internal import Clock
internal import JSON

/// A message as the relay handed it on, and the line that is printed of it.
struct IncomingMessage: Equatable {
    let key: MessageKey
    let senderID: String
    let senderName: String?
    /// What the relay is told about the message: `{"messageId":…,"senderId":…}`.
    let acknowledgement: [UInt8]
    /// The envelope as it was sealed. For a message of a client that seals no envelopes, `type`, and
    /// `id` where it has none, are put in front. No name comes twice.
    let line: [UInt8]

    /// Reads the argument of `receive_message`; nil where it lacks what the relay always adds.
    init?(_ arguments: ArraySlice<UInt8>) {
        var fields = Fields()
        do throws(JSONError) {
            var scanner = JSONScanner(arguments)
            try scanner.members { name, value throws(JSONError) in
                fields.take(arguments, name, value)
            }
        } catch { return nil }
        guard let rawID = fields.relay["messageId"], let rawSender = fields.relay["senderId"],
            let id = (try? JSON(parsing: arguments[rawID]))?.string,
            let sender = (try? JSON(parsing: arguments[rawSender]))?.string
        else { return nil }
        key = MessageKey(sender: sender, id: id)
        senderID = sender
        senderName = fields.relay["senderUsername"].flatMap {
            (try? JSON(parsing: arguments[$0]))?.string
        }
        acknowledgement =
            Array(#"{"messageId":"#.utf8) + arguments[rawID] + Array(#","senderId":"#.utf8)
            + arguments[rawSender] + [0x7d]
        var text: [UInt8] = [0x7b]
        text.reserveCapacity(arguments.count + 64)
        if !fields.names.contains("type") {
            text += Array(#""type":"message""#.utf8)
            if !fields.names.contains("id") {
                text += Array(#","id":"#.utf8)
                text += arguments[rawID]
            }
        }
        for range in fields.rest {
            if text.count > 1 { text.append(0x2c) }
            // A line break within JSON is between its tokens, and would end the line here.
            text += arguments[range].lazy.map { $0 < 0x20 ? 0x20 : $0 }
        }
        text.append(0x7d)
        line = text
    }

    /// Whether the user who is named so sent it: by user id or by name.
    func isFrom(_ user: String) -> Bool { senderID == user || senderName == user }

    private struct Fields {
        /// The members that are the relay's, by name: where their values are.
        var relay: [String: Range<Int>] = [:]
        /// The others, name and value, in order.
        var rest: [Range<Int>] = []
        /// The names of those.
        var names: Set<String> = []

        private static let relayNames: Set<String> = [
            "senderId", "senderUsername", "recipientId", "messageId", "messageType", "timestamp",
        ]

        mutating func take(_ text: ArraySlice<UInt8>, _ name: Range<Int>, _ value: Range<Int>) {
            let word = memberName(text[name])
            if Self.relayNames.contains(word) {
                // The relay writes its own first; a second one would be the sender's invention.
                if relay[word] == nil { relay[word] = value }
                return
            }
            // Readers differ about which of two counts, so there is one: the first.
            guard names.insert(word).inserted else { return }
            rest.append(name.lowerBound - 1..<value.upperBound)
        }
    }
}

/// The name of a member as it counts: with its escapes undone, so that none hides what it is.
func memberName(_ raw: ArraySlice<UInt8>) -> String {
    let plain = String(decoding: raw, as: UTF8.self)
    guard raw.contains(0x5c) else { return plain }
    return (try? JSON(parsing: [0x22] + raw + [0x22]))?.string ?? plain
}
