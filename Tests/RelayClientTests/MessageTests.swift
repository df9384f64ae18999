import JSON
import Testing

@testable import RelayClient

@Suite struct MessageTests {
    private static let envelope =
        #"{"type":"message","v":1,"id":"0a1b","from":"f","to":["t"],"enc":"AA==","iv":"AA==","#
        + #""ciphertext":"AA==","tag":"AA==","seq":7,"signature":"AA==","extra":[1, {"b":"\u00e9"}]}"#

    private func outgoing(_ text: String) throws -> OutgoingMessage {
        try OutgoingMessage(envelope: Array(text.utf8), to: "bob@example.com")
    }

    /// What the relay makes of `send_message` (it takes the receiver out and adds the sender).
    private func relayed(_ message: OutgoingMessage) -> [UInt8] {
        let text = String(decoding: message.arguments, as: UTF8.self)
        let mine = #"{"recipientId":"bob@example.com","messageId":"0a1b","messageType":"text","#
        #expect(text.hasPrefix(mine))
        let theirs =
            #"{"senderId":"s1","senderUsername":"Alice","messageId":"0a1b","messageType":"text","#
            + #""timestamp":"2026-11-21T08:00:00.000Z","#
        return Array((theirs + text.dropFirst(mine.count)).utf8)
    }

    @Test func anEnvelopeComesOutAsItWentIn() throws {
        let message = try outgoing(Self.envelope)
        #expect(message.id == "0a1b")
        #expect(message.sequence == "7")
        let received = try #require(IncomingMessage(relayed(message)[...]))
        #expect(String(decoding: received.line, as: UTF8.self) == Self.envelope)
        #expect(received.senderID == "s1")
        #expect(received.isFrom("Alice") && received.isFrom("s1") && !received.isFrom("Bob"))
        #expect(
            String(decoding: received.acknowledgement, as: UTF8.self)
                == #"{"messageId":"0a1b","senderId":"s1"}"#)
    }

    @Test func aMessageOfAStockClientBecomesAnEnvelope() throws {
        let arguments =
            #"{"senderId":"s","senderUsername":"n","ciphertext":"c","iv":"i","tag":"t","seq":1,"#
            + #""messageType":"text","timestamp":"x","messageId":"m1"}"#
        let received = try #require(IncomingMessage(Array(arguments.utf8)[...]))
        #expect(
            String(decoding: received.line, as: UTF8.self)
                == #"{"type":"message","id":"m1","ciphertext":"c","iv":"i","tag":"t","seq":1}"#)
    }

    /// A stock client may have members of any name, with escapes too: none is printed twice.
    @Test(arguments: [
        (#""id":"BBB2""#, #""type":"message","id":"BBB2""#),
        (#""\u0069d":"BBB2""#, #""type":"message","\u0069d":"BBB2""#),
        (#""type":"t","id":"B","id":"C","typ\u0065":"u""#, #""type":"t","id":"B""#),
        (#""type":"t""#, #""type":"t""#),
        (#""x":1,"sender\u0049d":"other""#, #""type":"message","id":"AAA1","x":1"#),
    ])
    func noMemberComesTwice(sent: String, printed: String) throws {
        let arguments = #"{"senderId":"s","messageId":"AAA1",\#(sent)}"#
        let received = try #require(IncomingMessage(Array(arguments.utf8)[...]))
        #expect(String(decoding: received.line, as: UTF8.self) == "{\(printed)}")
    }

    /// However a sender lays out its JSON, a message is one line.
    @Test(arguments: ["\n", "\r\n", " \t"])
    func aMessageIsOneLine(space: String) throws {
        let arguments =
            #"{"senderId":"s","messageId":"m",\#(space)"type"\#(space):\#(space)"t","#
            + #""x":[\#(space){"type":"message"}\#(space)],"text":"a\nb"}"#
        let received = try #require(IncomingMessage(Array(arguments.utf8)[...]))
        #expect(!received.line.contains { $0 < 0x20 })
        let json = try JSON(parsing: received.line)
        #expect(json["x"] == [["type": "message"]] && json["text"] == "a\nb")
    }

    /// A sender cannot put words into the relay's mouth by sending its names too.
    @Test func theRelaysOwnMembersCountAndNotTheSenders() throws {
        let arguments = #"{"senderId":"s","messageId":"m","a":1,"senderId":"other"}"#
        let received = try #require(IncomingMessage(Array(arguments.utf8)[...]))
        #expect(received.senderID == "s")
        #expect(!String(decoding: received.line, as: UTF8.self).contains("other"))
    }

    @Test(arguments: [
        "", "1", "[]", "{}", #"{"senderId":"s"}"#, #"{"senderId":1,"messageId":"m"}"#,
    ])
    func whatNoRelaySendsIsNoMessage(arguments: String) {
        #expect(IncomingMessage(Array(arguments.utf8)[...]) == nil)
    }

    @Test(arguments: [
        ("hello", LineError.notJSON), ("{", .notJSON), (#""text""#, .notJSON), ("\u{0}", .notJSON),
        (envelope + "x", .notJSON), ("{}", .notSealed), (#"{"type":"message"}"#, .notSealed),
        (#"{"type":"identity","id":"a","iv":"","ciphertext":"","tag":"","seq":1}"#, .notSealed),
        (
            #"{"type":"message","id":"a","iv":"","ciphertext":"plain text","tag":"","seq":1}"#,
            .notSealed
        ),
        (#"{"type":"message","id":"a","iv":"","ciphertext":"","tag":"","seq":"1"}"#, .notSealed),
        (#"{"type":"message","id":"a","iv":"","ciphertext":"","tag":"","seq":1.5}"#, .notSealed),
        (#"{"type":"message","id":"","iv":"","ciphertext":"","tag":"","seq":1}"#, .badID),
        (#"{"type":"message","id":"ä","iv":"","ciphertext":"","tag":"","seq":1}"#, .badID),
        (#"{"type":"message","iv":"","ciphertext":"","tag":"","seq":1}"#, .badID),
        (
            #"{"type":"message","id":"a","iv":"","ciphertext":"","tag":"","seq":1,"senderId":"x"}"#,
            .reservedName("senderId")
        ),
        (
            #"{"type":"message","id":"a","iv":"","ciphertext":"","tag":"","seq":1,"sender\u0049d":1}"#,
            .reservedName("senderId")
        ),
    ])
    func otherLinesAreRefused(line: String, error: LineError) {
        #expect(throws: error) { try outgoing(line) }
    }

    @Test func aLineThatIsTooLongIsRefused() {
        let line = [UInt8](repeating: 0x20, count: OutgoingMessage.limit + 1)
        #expect(throws: LineError.tooLong(limit: OutgoingMessage.limit)) {
            try OutgoingMessage(envelope: line, to: "bob")
        }
    }

    @Test func anEventGoesAsItStands() throws {
        let object = Array(#"{"recipientId": "x"}"#.utf8)
        #expect(try OutgoingMessage(event: "e", object).arguments == object)
        let array = try OutgoingMessage(event: "e", Array(#"[1, "a", {"b": 2}]"#.utf8))
        #expect(String(decoding: array.arguments, as: UTF8.self) == #"1,"a",{"b":2}"#)
        #expect(throws: LineError.notArguments) {
            try OutgoingMessage(event: "e", Array("1".utf8))
        }
    }
}
