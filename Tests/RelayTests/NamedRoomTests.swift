import JSON
import Testing

@testable import Relay

private let description = #"{"type":"offer","sdp":"v=0"}"#

private let calls = [
    EventSample(
        event: "callUser", address: ("to", "socket-2"),
        fields: [("offer", description, ["null", "7", #""x""#], true)]),
    EventSample(
        event: "callAccepted", address: ("to", "socket-2"),
        fields: [("answer", description, ["null", "7", #""x""#], true)]),
    EventSample(
        event: "negotiationneed", address: ("to", "socket-2"),
        fields: [("offer", description, ["null", "[]"], true)]),
    EventSample(
        event: "negotiationDone", address: ("to", "socket-2"),
        fields: [("answer", description, ["null", "[]"], true)]),
    EventSample(
        event: "muteToggle", address: ("to", "socket-2"),
        fields: [("isMuted", "true", ["null", "1", #""true""#], true)]),
    EventSample(event: "endCall", address: ("to", "socket-2"), fields: []),
]

private let callsGet = [
    #"["incomingCall",{"from":"socket-1","offer":\#(description)}]"#,
    #"["callAccepted",{"from":"socket-1","answer":\#(description)}]"#,
    #"["negotiationneed",{"from":"socket-1","offer":\#(description)}]"#,
    #"["negotiationFinal",{"from":"socket-1","answer":\#(description)}]"#,
    #"["remoteMuted",{"isMuted":true}]"#,
    #"["callEnded",{}]"#,
]

private func join(_ relay: TestRelay, _ socket: SocketNumber, _ user: String, _ room: String) {
    relay.send(socket, #"["joinRoom",{"email":"\#(user)@example.com","roomId":"\#(room)"}]"#)
}

/// Alice and Bob in a room, Carol in another, Dave in none; Bob has a second connection outside.
private func relay() throws -> TestRelay {
    let relay = try TestRelay()
    for (socket, user) in [(1, "alice"), (2, "bob"), (3, "bob"), (4, "carol"), (5, "dave")] {
        relay.connect(socket, user)
    }
    for (socket, user, room) in [(1, "alice", "r"), (2, "bob", "r"), (4, "carol", "other")] {
        join(relay, socket, user, room)
    }
    for socket in 1...5 { _ = relay.take(socket) }
    return relay
}

@Suite struct NamedRoomTests {
    @Test func whoComesIsToldOfToTheOthers() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.connect(3, "carol")
        relay.send(
            1, #"["joinRoom",{"email":"Alice@Example.com","roomId":"caf\u00e9"}]"#,
            acknowledgement: 3)
        #expect(
            relay.take(1) == [
                #"["userJoined",{"email":"Alice@Example.com","roomId":"caf\u00e9"}]"#
            ])
        #expect(
            relay.acknowledgements[1]?[3]
                == #"{"email":"Alice@Example.com","roomId":"caf\u00e9"}"#)
        // The same name without escapes, and the other spelling of the field.
        relay.send(2, #"["joinRoom",{"room_id":"café","email":"bob@example.com"}]"#)
        #expect(
            relay.take(2) == [#"["userJoined",{"email":"bob@example.com","roomId":"café"}]"#])
        #expect(
            relay.take(1) == [#"["newUserJoined",{"email":"bob@example.com","id":"socket-2"}]"#])
        #expect(relay.take(3) == [])
    }

    @Test func roomsAreRefused() throws {
        let relay = try relay()
        try EventSample(
            event: "joinRoom", address: ("roomId", "r"),
            fields: [("email", #""alice@example.com""#, ["7", "null", "{}"], true)]
        ).expectRefusals(relay, bystanders: [2, 3, 4, 5])
        for email in ["bob@example.com", "nobody@example.com", "", "alice"] {
            relay.send(1, #"["joinRoom",{"email":"\#(email)","roomId":"other"}]"#)
            #expect(
                relay.take(1) == [
                    #"["error",{"message":"This is not your email","code":"wrongEmail"}]"#
                ])
        }
        #expect(relay.take(4) == [])
    }

    @Test(arguments: zip(calls, callsGet))
    func callsPassWithinARoom(sample: EventSample, peerGets: String) throws {
        let relay = try relay()
        for text in sample.spellings {
            relay.send(1, text)
            #expect(relay.take(1) == [])
            #expect(relay.take(2) == [peerGets])
        }
        // A user's name stands for those of its connections that are in the room.
        relay.send(1, sample.text().replacing("socket-2", with: "bob@example.com"))
        #expect(relay.take(2) == [peerGets])
        for socket in 3...5 { #expect(relay.take(socket) == []) }
    }

    @Test(arguments: calls) func callsNeedARoomThatBothAreIn(sample: EventSample) throws {
        let relay = try relay()
        let refusal = [
            #"["error",{"message":"You are not in a room with this user","code":"notInRoom"}]"#
        ]
        for (from, to) in [(1, 3), (1, 4), (1, 5), (3, 1), (4, 2), (5, 1), (1, 1), (3, 3)] {
            relay.send(from, sample.text().replacing("socket-2", with: "socket-\(to)"))
            #expect(relay.take(from) == refusal, "\(from) to \(to)")
            if from != to { #expect(relay.take(to) == []) }
        }
        relay.disconnect(2)
        _ = relay.take(1)
        relay.send(1, sample.text())
        #expect(relay.take(1).first?.contains("unknownUser") == true)
        relay.send(1, sample.text().replacing("socket-2", with: "bob"))
        #expect(relay.take(1) == refusal)
        relay.disconnect(3)
        relay.send(1, sample.text().replacing("socket-2", with: "bob"))
        #expect(relay.take(1).first?.contains("peerOffline") == true)
    }

    @Test(arguments: calls) func brokenCallsAreRefused(sample: EventSample) throws {
        try sample.expectRefusals(try relay(), bystanders: [2, 3, 4, 5])
    }

    @Test func whoGoesIsToldOfOnce() throws {
        let relay = try relay()
        join(relay, 1, "alice", "second")
        join(relay, 2, "bob", "second")
        join(relay, 5, "dave", "second")
        for socket in 1...5 { _ = relay.take(socket) }
        relay.disconnect(1)
        let events = [
            #"["callEnded",{}]"#, #"["userLeft",{"email":"alice@example.com","id":"socket-1"}]"#,
        ]
        #expect(relay.take(2) == events)
        #expect(relay.take(5) == events)
        #expect(relay.take(3) == [] && relay.take(4) == [])
        // A later connection with the same number is in no room.
        relay.connect(1, "eve")
        relay.send(1, #"["endCall",{"to":"socket-2"}]"#)
        #expect(relay.take(1).first?.contains("notInRoom") == true)
    }

    @Test func roomsAreLimited() throws {
        var limits = Relay.Limits()
        limits.namedRoomsPerConnection = 2
        limits.membersPerRoom = 2
        limits.roomNameByteCount = 8
        let relay = try TestRelay(limits: limits)
        for (socket, user) in [(1, "alice"), (2, "bob"), (3, "carol")] {
            relay.connect(socket, user)
        }
        func code(_ socket: SocketNumber, _ user: String, _ room: String) throws -> String? {
            join(relay, socket, user, room)
            let answer = try JSON(parsing: relay.take(socket).last ?? "[]").array
            return answer?.last?["code"]?.string
        }
        #expect(try code(1, "alice", "12345678") == nil)
        #expect(try code(1, "alice", "123456789") == "badField")
        #expect(try code(1, "alice", "b") == nil)
        #expect(try code(1, "alice", "c") == "tooManyRooms")
        #expect(try code(1, "alice", "b") == nil)
        #expect(try code(2, "bob", "b") == nil)
        #expect(try code(3, "carol", "b") == "roomFull")
        relay.disconnect(1)
        #expect(try code(3, "carol", "b") == nil)
    }
}
