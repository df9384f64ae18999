import Clock
import HTTP
import JSON
import Testing

@testable import Relay

private let offer = #"{"type":"offer","sdp":"v=0\r\n"}"#
private let answer = #"{"sdp":"v=0","type":"answer"}"#
private let notDescriptions = [
    "null", "7", #""v=0""#, "[]", "{}", #"{"type":"offer"}"#, #"{"type":"offer","sdp":1}"#,
    #"{"type":"offer","sdp":"","sdp":""}"#,
]

/// Family A's events, as relay-events names them.
private let familyA = [
    EventSample(
        event: "call_initiate", address: ("receiver_id", "bob"),
        fields: [
            ("call_type", #""video""#, ["7", #""fax""#, "null"], true),
            ("caller_name", #""Alice""#, ["7", "{}"], false),
            ("caller_avatar", #""https://example.com/a.png""#, ["[]"], false),
        ]),
    EventSample(event: "call_accepted", address: ("caller_id", "bob"), fields: []),
    EventSample(event: "call_rejected", address: ("caller_id", "bob"), fields: []),
    EventSample(
        event: "webrtc_offer", address: ("receiver_id", "bob"),
        fields: [("offer", offer, notDescriptions, true)]),
    EventSample(
        event: "webrtc_answer", address: ("caller_id", "bob"),
        fields: [("answer", answer, notDescriptions, true)]),
    EventSample(
        event: "call_ended", address: ("peer_id", "bob"),
        fields: [("duration", "12", ["-1", #""12""#, "{}", "true", "1e300", "1000000001"], false)]),
]

/// What the peer gets for each of these.
private let familyAGets = [
    #"["call_incoming",{"caller_id":"alice","caller_name":"Alice","caller_avatar":"https://example.com/a.png","call_type":"video"}]"#,
    #"["call_accepted",{"receiver_id":"alice"}]"#,
    #"["call_rejected",{"receiver_id":"alice"}]"#,
    #"["webrtc_offer",{"caller_id":"alice","offer":\#(offer)}]"#,
    #"["webrtc_answer",{"receiver_id":"alice","answer":\#(answer)}]"#,
    #"["call_ended",{"ended_by":"alice","duration":12}]"#,
]

private func relay() throws -> TestRelay {
    let relay = try TestRelay()
    for (socket, user) in [(1, "alice"), (2, "bob"), (3, "bob"), (4, "carol")] {
        relay.connect(socket, user)
    }
    return relay
}

@Suite struct CallEventTests {
    /// Each device of the peer hears it, a stranger does not, whichever way the names are spelled
    /// and the peer is named.
    @Test(arguments: zip(familyA, familyAGets))
    func eventsAreRelayed(sample: EventSample, peerGets: String) throws {
        let relay = try relay()
        for text in sample.spellings + [sample.text()] {
            relay.send(1, text, acknowledgement: 1)
            #expect(relay.take(1) == [])
            #expect(relay.acknowledgements[1]?[1] == #"{"success":true}"#)
            #expect(relay.take(2) == [peerGets])
            #expect(relay.take(3) == [peerGets])
            #expect(relay.take(4) == [])
        }
        for name in ["bob@example.com", "BOB@example.com", "socket-2"] {
            relay.send(1, sample.text().replacing(#"\#(sample.address.value)""#, with: name + "\""))
            #expect(relay.take(2) == [peerGets])
            #expect(relay.take(3) == (name.hasPrefix("socket") ? [] : [peerGets]))
        }
    }

    @Test func aCallerWithoutAPictureHasNull() throws {
        let relay = try relay()
        relay.send(
            1,
            #"["call_initiate",{"receiver_id":"bob","call_type":"voice","caller_avatar":null}]"#)
        #expect(
            relay.take(2) == [
                #"["call_incoming",{"caller_id":"alice","caller_avatar":null,"call_type":"voice"}]"#
            ])
    }

    @Test(arguments: familyA) func brokenEventsAreRefused(sample: EventSample) throws {
        try sample.expectRefusals(try relay(), bystanders: [2, 3, 4])
    }

    @Test(arguments: familyA) func aPeerWhoIsAwayOrUnknownIsAnError(sample: EventSample) throws {
        let relay = try relay()
        relay.disconnect(2)
        relay.disconnect(3)
        relay.send(1, sample.text())
        #expect(
            relay.take(1) == [#"["error",{"message":"User is offline","code":"peerOffline"}]"#])
        relay.send(1, sample.text().replacing(#""bob""#, with: #""nobody""#))
        #expect(
            relay.take(1) == [#"["error",{"message":"User not found","code":"unknownUser"}]"#])
    }

    /// What passes on goes to its receiver's connection at once where that has room, but overtakes
    /// nothing that is still to be done.
    @Test func sendsAtOnceWhereThereIsRoom() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        let arguments = Array(#"{"peer_id":"bob","candidate":"c"}"#.utf8)
        var sent: [String] = []
        var hasRoom = true
        func text(_ bytes: Span<UInt8>) -> String {
            unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
        func receive(_ event: String) {
            relay.server.receive(
                Array(event.utf8)[...], arguments[...], acknowledgement: nil, from: 1
            ) { socket, name, arguments in
                if hasRoom {
                    sent.append("\(socket) \(text(name))\(text(arguments))")
                }
                return hasRoom
            }
        }
        receive("ice_candidate")
        #expect(sent == [#"2 ice_candidate{"peer_id":"alice","candidate":"c"}"#])
        var isBusy = relay.server.hasEffects
        #expect(!isBusy)
        hasRoom = false
        receive("ice_candidate")
        isBusy = relay.server.hasEffects
        #expect(isBusy)
        hasRoom = true
        receive("ice_candidate")
        #expect(sent.count == 1)
        relay.run()
        let event = #"["ice_candidate",{"peer_id":"alice","candidate":"c"}]"#
        #expect(relay.take(2) == [event, event])
    }

    /// The field that names the peer is told of first, whatever else is wrong.
    @Test func anAnswerToNobodySaysSo() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.send(1, #"["webrtc_answer",{"answer":{}}]"#, acknowledgement: 1)
        #expect(relay.acknowledgements[1]?[1]?.contains("caller_id") == true)
        #expect(relay.acknowledgements[1]?[1]?.contains("missingField") == true)
    }

    /// Candidates are what the browser makes of them: an object, a line, or null for the last.
    @Test(arguments: [#"{"candidate":"candidate:1","sdpMid":"0"}"#, #""candidate:1""#, "null"])
    func candidatesPassAsTheyAre(candidate: String) throws {
        let relay = try relay()
        relay.send(1, #"["ice_candidate",{"candidate":\#(candidate),"peerId":"bob"}]"#)
        #expect(
            relay.take(2) == [#"["ice_candidate",{"peer_id":"alice","candidate":\#(candidate)}]"#])
        relay.send(1, #"["ice_candidate",{"peer_id":"bob"}]"#)
        #expect(relay.take(1).first?.contains("missingField") == true)
    }
}

/// Family D's events: everything passes but the address and `from`.
@Suite struct DeviceCallEventTests {
    private static let events = [
        "call_offer", "call_answer", "ice_candidate", "call_end", "call_accept", "call_reject",
    ]

    @Test(arguments: events, ["to", "recipientId", "recipient_id"])
    func eventsAreRelayed(event: String, address: String) throws {
        let relay = try relay()
        let rest = #""x":[1.50, {"from":"y"}],"duration":null,"sdp":"v=0""#
        relay.send(1, #"["\#(event)",{"from":"eve","\#(address)":"bob",\#(rest)}]"#)
        let expected = [#"["\#(event)",{"from":"alice",\#(rest)}]"#]
        #expect(relay.take(1) == [])
        #expect(relay.take(2) == expected)
        #expect(relay.take(3) == expected)
        #expect(relay.take(4) == [])
    }

    @Test(arguments: events) func brokenEventsAreRefused(event: String) throws {
        let relay = try relay()
        for (fields, code) in [
            ("{}", "missingField"), (#"{"to":7}"#, "badField"),
            (#"{"to":"bob","recipientId":"bob"}"#, "badField"), ("7", "malformed"),
            (#"{"to":"nobody"}"#, "unknownUser"),
        ] {
            relay.send(1, #"["\#(event)",\#(fields)]"#)
            let answers = relay.take(1)
            #expect(answers.count == 1 && answers[0].hasPrefix(#"["error","#))
            #expect(answers.first?.contains(#""code":"\#(code)""#) == true, "\(fields)")
            #expect(relay.take(2) == [])
        }
        relay.disconnect(2)
        relay.disconnect(3)
        relay.send(1, #"["\#(event)",{"to":"bob"}]"#)
        #expect(relay.take(1).first?.contains("peerOffline") == true)
    }
}

@Suite struct CallLogTests {
    private func rows(_ relay: TestRelay, of user: String = "alice", _ query: String = "") throws
        -> [JSON]
    {
        let answer = try relay.request(.get, "/api/v1/calls" + query, bearer: relay.token(user))
        #expect(answer.status == 200)
        return try #require(answer.body["data"]?["calls"]?.array)
    }

    private func statuses(_ relay: TestRelay) throws -> [String?] {
        try rows(relay).map { $0["status"]?.string }
    }

    private func initiate(_ relay: TestRelay, _ type: String = "voice") {
        relay.send(1, #"["call_initiate",{"receiver_id":"bob","call_type":"\#(type)"}]"#)
    }

    @Test func aCallFromRingingToItsEnd() throws {
        let relay = try relay()
        initiate(relay, "video")
        #expect(try statuses(relay) == ["initiated"])
        relay.advance(.seconds(5))
        relay.send(3, #"["call_accepted",{"caller_id":"alice"}]"#)
        #expect(try statuses(relay) == ["accepted"])
        relay.advance(.seconds(3600))
        relay.send(2, #"["call_ended",{"peer_id":"alice","duration":3599.7}]"#)
        let row = try #require(try rows(relay).first)
        #expect(
            row == [
                "id": row["id"] ?? .null, "caller_id": "alice", "receiver_id": "bob",
                "call_type": "video", "status": "completed", "duration": 3599,
                "started_at": "2027-01-15T08:00:00.000Z",
                "ended_at": "2027-01-15T09:00:05.000Z",
            ])
        #expect(row["id"]?.string?.utf8.count == 24)
        #expect(try rows(relay, of: "bob") == [row])
        #expect(try rows(relay, of: "carol") == [])
    }

    /// What happens, a minute between any two, and how the log has the call then.
    struct Ending {
        let steps: [String]
        let status: String
        /// Nil for a call that goes on.
        let duration: Int64?
    }

    private static let accepted = #"2 ["call_accepted",{"caller_id":"alice"}]"#
    private static let answered =
        #"2 ["webrtc_answer",{"caller_id":"alice","answer":\#(answer)}]"#
    private static let endings: [Ending] = [
        Ending(
            steps: [#"2 ["call_rejected",{"caller_id":"alice"}]"#], status: "rejected", duration: 0),
        Ending(
            steps: [#"1 ["call_ended",{"peer_id":"bob","duration":0}]"#], status: "missed",
            duration: 0),
        Ending(
            steps: [#"1 ["call_ended",{"peer_id":"bob","duration":9}]"#], status: "completed",
            duration: 9),
        // Whoever ends it: nobody took it.
        Ending(
            steps: [#"1 ["call_ended",{"peer_id":"bob"}]"#], status: "missed", duration: 0),
        Ending(
            steps: [#"3 ["call_ended",{"peer_id":"alice","duration":0}]"#], status: "missed",
            duration: 0),
        Ending(
            steps: [
                #"1 ["webrtc_offer",{"receiver_id":"bob","offer":\#(offer)}]"#,
                #"1 ["call_ended",{"peer_id":"bob","duration":0}]"#,
            ], status: "missed", duration: 0),
        // It was taken, and over at once.
        Ending(
            steps: [accepted, #"1 ["call_ended",{"peer_id":"bob","duration":0}]"#],
            status: "completed", duration: 0),
        Ending(
            steps: [accepted, #"2 ["call_ended",{"peer_id":"alice","duration":0.4}]"#],
            status: "completed", duration: 0),
        Ending(
            steps: [answered, #"1 ["call_ended",{"peer_id":"bob","duration":0}]"#],
            status: "completed", duration: 0),
        Ending(steps: [accepted, "bye 1"], status: "dropped", duration: 60),
        Ending(steps: [accepted, "bye 2", "bye 3"], status: "dropped", duration: 120),
        Ending(steps: [accepted, "bye 2"], status: "accepted", duration: nil),
        Ending(steps: [answered], status: "initiated", duration: nil),
        Ending(
            steps: [answered, #"2 ["call_ended",{"peer_id":"alice"}]"#], status: "completed",
            duration: 60),
        Ending(
            steps: [answered, accepted, #"1 ["call_ended",{"peerId":"bob"}]"#],
            status: "completed", duration: 120),
        // Another device of the receiver stops ringing, too late; the one that took it changes its mind.
        Ending(
            steps: [
                accepted, #"3 ["call_rejected",{"caller_id":"alice"}]"#,
                #"1 ["call_ended",{"peer_id":"bob","duration":9}]"#,
            ], status: "completed", duration: 9),
        Ending(
            steps: [accepted, #"2 ["call_rejected",{"caller_id":"alice"}]"#],
            status: "rejected", duration: 0),
        Ending(steps: ["bye 1"], status: "missed", duration: 0),
        Ending(steps: [], status: "missed", duration: 0),
        // Nobody else has a say.
        Ending(
            steps: [
                #"4 ["call_accepted",{"caller_id":"alice"}]"#,
                #"1 ["call_accepted",{"caller_id":"bob"}]"#,
            ], status: "missed", duration: 0),
        Ending(
            steps: [
                #"4 ["call_rejected",{"caller_id":"alice"}]"#,
                #"1 ["call_rejected",{"caller_id":"bob"}]"#,
            ], status: "missed", duration: 0),
        Ending(
            steps: [
                #"4 ["call_ended",{"peer_id":"alice","duration":9}]"#,
                #"4 ["call_ended",{"peer_id":"bob","duration":9}]"#,
            ], status: "missed", duration: 0),
    ]

    @Test(arguments: endings) func callsEnd(ending: Ending) throws {
        let relay = try relay()
        initiate(relay)
        for step in ending.steps {
            if step.hasPrefix("bye") {
                relay.disconnect(Int(step.suffix(1)) ?? 0)
            } else {
                relay.send(Int(step.prefix(1)) ?? 0, String(step.dropFirst(2)))
            }
            relay.advance(.seconds(60))
        }
        // Longer than anything rings.
        relay.advance(.seconds(200))
        let row = try #require(try rows(relay).first)
        #expect(row["status"]?.string == ending.status)
        #expect(row["duration"]?.integer == ending.duration)
        #expect((row["ended_at"]?.string == nil) == (ending.duration == nil))
    }

    @Test func whoIsAwayMissesTheCall() throws {
        let relay = try relay()
        relay.disconnect(2)
        relay.disconnect(3)
        initiate(relay)
        #expect(relay.take(1).first?.contains("peerOffline") == true)
        #expect(try rows(relay, of: "bob").map { $0["status"]?.string } == ["missed"])
        #expect(
            relay.notices == [Notice(userID: "bob", event: "call_initiate", time: relay.wall)])
        relay.send(1, #"["call_offer",{"to":"bob"}]"#)
        #expect(relay.notices.last?.event == "call_offer")
    }

    /// Family D: an offer begins a call; later ones belong to it.
    @Test func offersBeginCalls() throws {
        let relay = try relay()
        relay.send(1, #"["call_offer",{"to":"bob","callType":"video"}]"#)
        relay.send(1, #"["call_offer",{"to":"bob"}]"#)
        #expect(try statuses(relay) == ["initiated"])
        relay.send(2, #"["call_answer",{"recipientId":"alice"}]"#)
        relay.send(2, #"["call_offer",{"to":"alice"}]"#)
        #expect(try statuses(relay) == ["accepted"])
        #expect(try rows(relay)[0]["call_type"] == "video")
        relay.send(1, #"["call_end",{"to":"bob","duration":"long"}]"#)
        #expect(try statuses(relay) == ["completed"])
        relay.send(2, #"["call_offer",{"to":"alice","call_type":{"x":1}}]"#)
        relay.send(1, #"["call_reject",{"to":"bob"}]"#)
        #expect(try statuses(relay) == ["rejected", "completed"])
        #expect(try rows(relay)[0]["call_type"] == "unknown")
    }

    @Test func anotherCallToTheSameUserEndsTheFirst() throws {
        let relay = try relay()
        initiate(relay)
        initiate(relay)
        #expect(try statuses(relay) == ["initiated", "missed"])
    }

    @Test func theLogIsPaged() throws {
        var limits = Relay.Limits()
        limits.callsPerPage = 10
        let relay = try TestRelay(limits: limits)
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        for _ in 0..<25 {
            initiate(relay)
            relay.advance(.milliseconds(1))
        }
        var ids: [String] = []
        var query = ""
        while case let page = try rows(relay, query), let last = page.last?["id"]?.string {
            ids += page.compactMap { $0["id"]?.string }
            query = "?before=\(last)&limit=10"
        }
        #expect(ids.count == 25)
        #expect(ids == ids.sorted(by: >) && Set(ids).count == 25)
        #expect(try rows(relay, of: "alice", "?limit=3").count == 3)
        #expect(try rows(relay, of: "alice", "?limit=1000").count == 10)
        for wrong in ["limit=0", "limit=x", "limit=-1", "before=7", "before=x"] {
            let answer = try relay.request(
                .get, "/api/v1/calls?" + wrong, bearer: relay.token("alice"))
            #expect(answer.status == 400 && answer.body["code"] == "badField")
        }
        #expect(try relay.request(.get, "/api/v1/calls").status == 401)
        relay.store.failure = "storeFailed"
        #expect(
            try relay.request(.get, "/api/v1/calls", bearer: relay.token("alice")).status == 503)
    }

    @Test func callsAreLimited() throws {
        var limits = Relay.Limits()
        limits.openCallsPerUser = 2
        limits.callsPerUser = 4
        limits.secondsPerCall = 10
        let relay = try TestRelay(limits: limits)
        for (socket, user) in ["x", "alice", "b", "c", "d"].enumerated() {
            relay.connect(socket, user)
        }
        func call(_ user: String) -> Bool {
            relay.send(1, #"["call_initiate",{"receiver_id":"\#(user)","call_type":"voice"}]"#)
            return relay.take(1).isEmpty
        }
        #expect(call("b") && call("c"))
        #expect(!call("d"))
        relay.send(1, #"["call_ended",{"peer_id":"b"}]"#)
        #expect(call("d"))
        relay.send(1, #"["call_ended",{"peer_id":"c"}]"#)
        #expect(call("b"))
        #expect(!call("c"))
        relay.send(1, #"["call_ended",{"peer_id":"b"}]"#)
        #expect(!call("c"))
        relay.advance(.seconds(10))
        #expect(call("c"))
    }
}
