import Clock
import JSON
import Testing

@testable import Relay

private let sealed = #""ciphertext":"Y2lwaGVy","iv":"aXY=","tag":"dGFn","seq":7"#
private let time = "2027-01-15T08:00:00.000Z"

private func message(to user: String, _ more: String = "") -> String {
    #"["send_message",{"recipientId":"\#(user)",\#(sealed)\#(more)}]"#
}

private func object(_ event: String?) throws -> JSON {
    let array = try JSON(parsing: event ?? "")
    return array.array?.last ?? .null
}

private func name(_ event: String?) throws -> String? {
    try JSON(parsing: event ?? "").array?.first?.string
}

@Suite struct MessagingTests {
    /// What browsers make of a text that was cut within a character passes as it is.
    @Test func halfACharacterPasses() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        _ = relay.take(2)
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob",\#(sealed),"note":"Anna \ud83d"}]"#)
        #expect(relay.take(1).last?.hasPrefix(#"["message:sent""#) == true)
        #expect(relay.take(2).last?.contains(#""note":"Anna \ud83d""#) == true)
    }

    /// What the sender and the peer get for each event of family C, word for word.
    @Test(arguments: [
        (
            #"["join_room",{"recipientId":"bob"}]"#,
            [#"["room:joined",{"roomName":"alice_bob","recipientId":"bob","success":true}]"#],
            [
                #"["room:user-ready",{"userId":"alice","username":"alice@example.com","roomName":"alice_bob"}]"#
            ]
        ),
        (
            #"["leave_room",{"recipient_id":"bob"}]"#,
            [#"["room:left",{"roomName":"alice_bob","success":true}]"#], []
        ),
        (
            #"["send_message",{"recipientId":"bob","ciphertext":"YQ==","iv":"Yg==","tag":"Yw==","seq":3,"signature":"ZA==","messageType":"file"}]"#,
            [
                #"["message:sent",{"recipientId":"bob","seq":3,"success":true,"timestamp":"\#(time)","messageId":"ID"}]"#
            ],
            [
                #"["receive_message",{"senderId":"alice","senderUsername":"alice@example.com","messageId":"ID","messageType":"file","timestamp":"\#(time)","ciphertext":"YQ==","iv":"Yg==","tag":"Yw==","seq":3,"signature":"ZA=="}]"#
            ]
        ),
        (
            #"["key-exchange:send",{"recipientId":"bob@EXAMPLE.com","publicKey":"cGs=","signature":"c2ln"}]"#,
            [#"["key-exchange:sent",{"recipientId":"bob@EXAMPLE.com"}]"#],
            [
                #"["key-exchange:receive",{"senderId":"alice","senderUsername":"alice@example.com","publicKey":"cGs=","signature":"c2ln"}]"#
            ]
        ),
        (
            #"["typing:start",{"recipientId":"socket-2"}]"#, [],
            [#"["typing:user",{"userId":"alice","username":"alice@example.com","isTyping":true}]"#]
        ),
        (
            #"["typing:stop",{"recipientId":"bob"}]"#, [],
            [#"["typing:user",{"userId":"alice","username":"alice@example.com","isTyping":false}]"#]
        ),
        (
            #"["message:delivered",{"messageId":"m1","senderId":"bob"}]"#, [],
            [#"["message:delivery-confirmed",{"messageId":"m1"}]"#]
        ),
        (
            #"["message:read",{"message_id":"m1","sender_id":"bob"}]"#, [],
            [#"["message:read-confirmed",{"messageId":"m1"}]"#]
        ),
    ])
    func eventsAreRelayed(event: String, sender: [String], peer: [String]) throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, event)
        let (toSender, toPeer) = (relay.take(1), relay.take(2))
        let id = try toPeer.first.map(object)?["messageId"]?.string ?? "ID"
        if event.contains("send_message") { #expect(id.utf8.count == 32) }
        #expect(toSender == sender.map { $0.replacing("\"ID\"", with: "\"\(id)\"") })
        #expect(toPeer == peer.map { $0.replacing("\"ID\"", with: "\"\(id)\"") })
    }

    @Test(arguments: [
        (
            #"["send_message",{"recipientId":"bob","ciphertext":"YQ==","iv":"Yg==","tag":"Yw=="}]"#,
            "missingField"
        ),
        (
            #"["send_message",{"ciphertext":"YQ==","iv":"Yg==","tag":"Yw==","seq":1}]"#,
            "missingField"
        ),
        (
            #"["send_message",{"recipientId":"bob","ciphertext":1,"iv":"Yg==","tag":"Yw==","seq":1}]"#,
            "badField"
        ),
        (#"["send_message",{"recipientId":7,\#(sealed)}]"#, "badField"),
        (#"["send_message",{"recipientId":"bob\ud83d",\#(sealed)}]"#, "badField"),
        (#"["send_message",{"recipientId":"bob","recipient_id":"eve",\#(sealed)}]"#, "badField"),
        (
            #"["send_message",{"recipientId":"bob","seq":1,"seq":2,"ciphertext":"","iv":"","tag":""}]"#,
            "badField"
        ),
        (message(to: "bob", #","seq":8"#), "badField"),
        (message(to: "bob", #","messageType":"image""#), "badField"),
        (message(to: "bob", #","messageId":"""#), "badField"),
        (message(to: "bob", #","messageId":"a\u0000b""#), "badField"),
        (message(to: "bob", #","signature":{}"#), "badField"),
        (
            #"["send_message",{"recipientId":"bob","ciphertext":"","iv":"","tag":"","seq":1.5}]"#,
            "badField"
        ),
        (
            #"["send_message",{"recipientId":"bob","ciphertext":"","iv":"","tag":"","seq":1e3}]"#,
            "badField"
        ),
        (message(to: "nobody"), "unknownUser"),
        (message(to: "nobody@example.com"), "unknownUser"),
        (message(to: ""), "badField"),
        (#"["send_message","bob"]"#, "malformed"),
        (#"["send_message"]"#, "malformed"),
        (#"["send_message",{"recipientId":"bob"]"#, "malformed"),
    ])
    func badMessagesAreAnsweredWithMessageError(event: String, code: String) throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, event, acknowledgement: 5)
        let answers = relay.take(1)
        #expect(answers.count == 1)
        if code != "malformed" || event.contains("bob") {
            #expect(try ["message:error", "error"].contains(name(answers.first)))
        }
        #expect(try object(answers.first)["code"]?.string == code)
        #expect(relay.acknowledgements[1]?[5]?.contains(code) == true)
        #expect(relay.take(2) == [])
    }

    @Test func errorsNameTheirFamily() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        let cases = [
            (#"["join_room",{"recipientId":"x"}]"#, "room:error"),
            (
                #"["key-exchange:send",{"recipientId":"x","publicKey":"","signature":""}]"#,
                "key-exchange:error"
            ),
            (#"["typing:start",{"recipientId":"x"}]"#, "error"),
            (#"["no_such_event",{}]"#, "error"),
            (#"["connect"]"#, "error"),
        ]
        for (event, expected) in cases {
            relay.send(1, event)
            #expect(try name(relay.take(1).first) == expected)
        }
    }

    /// Nothing a client writes becomes a member that the relay vouches for.
    @Test(arguments: [
        #""senderId":"eve""#, #""sender_id":"eve""#, #""sender\u0049d":"eve""#,
        #""senderUsername":"eve""#, #""timestamp":"1970""#, #""\u0074imestamp":"1970""#,
    ])
    func theSenderIsNotForClientsToChoose(member: String) throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, message(to: "bob", "," + member + #","x":{"senderId":"inside"}"#))
        let received = try #require(relay.take(2).first)
        #expect(!received.contains("eve") && !received.contains("1970"))
        #expect(try object(received)["senderId"] == "alice")
        #expect(received.hasSuffix(#","x":{"senderId":"inside"}}]"#))
    }

    @Test func otherMembersPassByteForByte() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        let more = #"{"b" : [1.50,  "\u00e9\/"] , "z":null}"#
        relay.send(
            1,
            #"[ "send_message" , { "type":"message", "recipientId":"bob" , "v":1,"own":\#(more), \#(sealed)} ,1]"#
        )
        #expect(
            try #require(relay.take(2).first).hasSuffix(
                #"","type":"message","v":1,"own":\#(more), \#(sealed)}]"#))
    }

    @Test func everyDeviceGetsEverything() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.connect(3, "bob")
        relay.send(1, message(to: "bob"))
        #expect(relay.take(2).count == 1)
        #expect(relay.take(3).count == 1)
        relay.send(1, #"["typing:start",{"recipientId":"socket-3"}]"#)
        #expect(relay.take(2).count == 0)
        #expect(relay.take(3).count == 1)
        #expect(relay.take(1).count == 1)
    }

    @Test func presenceReachesRoommatesAndWriters() throws {
        let relay = try TestRelay()
        for (socket, user) in ["alice", "bob", "carol"].enumerated() { relay.connect(socket, user) }
        relay.send(0, #"["join_room",{"recipientId":"bob"}]"#)
        relay.send(2, message(to: "bob"))
        _ = (relay.take(0), relay.take(2))
        relay.connect(3, "bob")
        relay.disconnect(1)
        #expect(relay.take(0) == [])
        relay.disconnect(3)
        let offline =
            #"["user:offline",{"userId":"bob","username":"bob@example.com","lastSeen":"\#(time)"}]"#
        #expect(relay.take(0) == [offline])
        #expect(relay.take(2) == [offline])
        relay.connect(1, "bob")
        #expect(
            relay.take(0) == [#"["user:online",{"userId":"bob","username":"bob@example.com"}]"#])
        relay.send(0, #"["leave_room",{"recipientId":"bob"}]"#)
        _ = relay.take(0)
        relay.disconnect(1)
        #expect(relay.take(0) == [])
    }

    @Test func whoSendsTooFastIsReadMoreSlowly() throws {
        var limits = Relay.Limits()
        limits.eventBurst = 10
        limits.eventsPerSecond = 10
        let relay = try TestRelay(limits: limits)
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        for _ in 0..<10 { relay.send(1, message(to: "bob")) }
        #expect(relay.paused[1] == nil)
        for _ in 0..<5 { relay.send(1, message(to: "bob")) }
        #expect(relay.paused[1] == .milliseconds(100))
        #expect(relay.take(2).count == 15)
    }

    /// Several connections of a user share an allowance: each alone is far from its own.
    @Test func aUserHasNoMoreForHavingMoreConnections() throws {
        var limits = Relay.Limits()
        limits.eventBurst = 1000
        limits.eventsPerSecond = 1000
        limits.eventBurstPerUser = 20
        limits.eventsPerSecondPerUser = 10
        let relay = try TestRelay(limits: limits)
        for socket in 1...3 { relay.connect(socket, "alice") }
        relay.connect(4, "bob")
        relay.connect(5, "carol")
        let typing = #"["typing:start",{"recipientId":"bob"}]"#
        for round in 0..<20 { relay.send(1 + round % 3, typing) }
        #expect(relay.paused.isEmpty)
        relay.send(2, typing)
        #expect(relay.paused == [2: .milliseconds(100)])
        relay.send(3, typing)
        #expect(relay.paused[3] == .milliseconds(200) && relay.paused[1] == nil)
        // Nobody else pays, nothing was lost, and time fills it again.
        for _ in 0..<100 { relay.send(5, typing) }
        #expect(relay.paused[5] == nil)
        #expect(relay.take(4).count { $0.contains("alice") } == 22)
        relay.advance(.seconds(10))
        relay.paused = [:]
        for round in 0..<20 { relay.send(1 + round % 3, typing) }
        #expect(relay.paused.isEmpty)
        // Alone, a connection has but its own limit.
        relay.disconnect(2)
        relay.disconnect(3)
        for _ in 0..<100 { relay.send(1, typing) }
        #expect(relay.paused.isEmpty)
    }

    /// The audit log has who, when and how much, and nothing that anybody wrote.
    @Test func theAuditLogHoldsNoContent() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, #"["join_room",{"recipientId":"bob"}]"#)
        relay.send(1, message(to: "bob", #","signature":"c2lnbmF0dXJl""#))
        relay.send(
            1,
            #"["key-exchange:send",{"recipientId":"bob","publicKey":"a2V5","signature":"c2lnbmF0dXJl"}]"#
        )
        relay.send(1, #"["typing:start",{"recipientId":"bob"}]"#)
        relay.send(2, #"["message:read",{"messageId":"m","senderId":"alice"}]"#)
        relay.disconnect(2)
        relay.server.finish()
        relay.run()
        let lines = relay.store.audit.split(separator: "\n")
        let events = try lines.map { try JSON(parsing: String($0))["event"]?.string }
        #expect(
            events == ["connect", "connect", "join", "message", "keyExchange", "disconnect"])
        let logged = try JSON(parsing: String(lines[3]))
        #expect(logged["user"] == "alice" && logged["seq"] == 7)
        #expect(logged["session"] == "socket-1" && logged["address"] == "192.0.2.1")
        for secret in ["Y2lwaGVy", "aXY=", "dGFn", "c2lnbmF0dXJl", "a2V5", "eyJ"] {
            #expect(!relay.store.audit.contains(secret))
        }
    }
}
