import Clock
import Foundation
import HTTP
import JSON
import Metrics
import Testing

@testable import Relay

@Suite struct ThreadTests {
    private let relay: TestRelay

    init() throws {
        relay = try TestRelay(history: .seconds(86_400))
        for name in ["alice", "bob", "carol", "a_b"] {
            _ = try relay.request(.get, "/api/auth/me", bearer: relay.token(name))
        }
    }

    private func send(
        _ name: String, _ thread: String, _ text: String, _ more: String = ""
    ) throws -> (status: Int, body: JSON) {
        try relay.request(
            .post, "/api/v1/chat/send",
            #"{"thread_id":"\#(thread)","content":"\#(text)","content_type":"text"\#(more)}"#,
            bearer: relay.token(name))
    }

    private func read(_ name: String, _ thread: String) throws -> (status: Int, texts: [String]) {
        let (status, body) = try relay.request(
            .get, "/api/v1/chat/messages/\(thread)", bearer: relay.token(name))
        let messages = body["data"]?["messages"]?.array ?? []
        return (status, messages.compactMap { $0["content"]?.string })
    }

    @Test func twoUsersOwnTheThreadOfTheirNames() throws {
        relay.connect(2, "bob")
        let sent = try send("alice", "alice_bob", "U2FsdGVkX1")
        #expect(sent.status == 201 && sent.body["success"] == true)
        let id = try #require(sent.body["message_id"]?.string)
        #expect(
            relay.take(2) == [
                #"["new_message",{"message":"U2FsdGVkX1","sender_id":"alice","thread_id":"alice_bob","message_id":"\#(id)","content_type":"text","is_encrypted":true,"created_at":"\#(relay.wall)"}]"#
            ])
        _ = try send("bob", "bob_alice", "second")
        #expect(try read("alice", "alice_bob") == (200, ["U2FsdGVkX1", "second"]))
        #expect(try read("bob", "bob_alice").texts.count == 2)
        #expect(try read("carol", "alice_bob").status == 404)
        #expect(try send("carol", "alice_bob", "x", #","receiver_id":"bob""#).status == 404)
    }

    @Test func contentThatIsNoTextIsPassedOn() throws {
        relay.connect(2, "bob")
        #expect(try send("alice", "alice_bob", #"a\ud800"#).status == 201)
        #expect(relay.take(2).first?.contains(#"{"message":"a\ud800","sender_id""#) == true)
        let text = try relay.text(
            .get, "/api/v1/chat/messages/alice_bob", bearer: relay.token("bob"))
        #expect(text.contains(#""content":"a\ud800"}"#))
        #expect(try send("alice", "alice_bob", "").status == 400)
        #expect(try send("alice", #"\ud800"#, "c").body["code"] == "badField")
    }

    @Test func aFullMailboxIsToldToTheSender() throws {
        var limits = Relay.Limits()
        limits.keptMessagesPerUser = 1
        let relay = try TestRelay(history: .zero, limits: limits)
        for name in ["alice", "bob", "carol"] {
            _ = try relay.request(.get, "/api/auth/me", bearer: relay.token(name))
        }
        relay.connect(3, "carol")
        func send(_ thread: String) throws -> (status: Int, body: JSON) {
            try relay.request(
                .post, "/api/v1/chat/send",
                #"{"thread_id":"\#(thread)","content":"c","members":["bob","carol"]}"#,
                bearer: relay.token("alice"))
        }
        let first = try send("trip")
        #expect(first.status == 201 && first.body["not_kept"] == nil)
        let second = try send("trip")
        #expect(second.status == 201)
        #expect(second.body["not_kept"] == [["user_id": "bob", "code": "queueFull"]])
        #expect(relay.take(3).count == 2)
        let third = try send("alice_bob")
        #expect(third.status == 503 && third.body["code"] == "queueFull")
        #expect(relay.server.counters.notKept.counts == ["new_message": 1])
        relay.connect(1, "alice")
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":1}]"#)
        #expect(relay.take(1).last?.contains(#""code":"queueFull""#) == true)
        #expect(relay.server.counters.notKept.counts["receive_message"] == 1)
    }

    @Test func anyOtherBelongsToWhomItsFirstMessageNames() throws {
        #expect(try read("alice", "trip").status == 404)
        #expect(try send("alice", "trip", "1", #","members":["bob@example.com"]"#).status == 201)
        #expect(try send("bob", "trip", "2", #","members":["carol"]"#).status == 201)
        for name in ["carol", "a_b"] {
            #expect(try read(name, "trip").status == 404)
            #expect(try send(name, "trip", "3", #","members":["alice"]"#).status == 404)
        }
        #expect(try send("alice", "other", "1", #","receiverId":"nobody"# + "\"").status == 404)
        relay.restart()
        #expect(try read("bob", "trip") == (200, ["1", "2"]))
        #expect(try read("carol", "trip").status == 404)
        relay.connect(1, "alice")
        let events = relay.take(1)
        #expect(events.count == 1 && events[0].contains(#""message":"2""#))
    }

    @Test(arguments: ["5", "true", "{}", #""bob""#, "[5]", #"["bob",null]"#])
    func membersAreAListOfUsers(members: String) throws {
        let sent = try send("alice", "trip", "1", #","members":\#(members)"#)
        #expect(sent.status == 400 && sent.body["code"] == "badField")
        #expect(try read("alice", "trip").status == 404)
    }

    @Test func aReceiverIsAUser() throws {
        let sent = try send("alice", "trip", "1", #","receiver_id":5"#)
        #expect(sent.status == 400 && sent.body["code"] == "badField")
    }

    @Test(arguments: ["alice_ghost", "ghost_alice"])
    func twoUsersBothExist(thread: String) throws {
        let sent = try send("alice", thread, "1")
        #expect(sent.status == 404 && sent.body["code"] == "unknownUser")
        #expect(try send("alice", "notes", "1").status == 201)
        #expect(try send("alice", thread, "1", #","members":["bob"]"#).status == 201)
        #expect(try send("bob", thread, "2").status == 201)
    }

    /// Nobody may take a name that could be of two others, whoever comes first.
    @Test func namesOfOthersCannotBeTaken() throws {
        #expect(try send("carol", "alice_zoe", "1", #","receiver_id":"alice""#).status == 201)
        _ = try relay.request(.get, "/api/auth/me", bearer: relay.token("zoe"))
        #expect(try read("carol", "alice_zoe").status == 404)
        #expect(try read("zoe", "alice_zoe") == (200, []))
        #expect(try send("a_b", "a_b_alice", "2").status == 201)
        #expect(try read("alice", "alice_a_b") == (200, ["2"]))
    }

    @Test func withoutHistoryNothingIsKeptOnceItIsThere() throws {
        let relay = try TestRelay(history: .zero)
        for name in ["alice", "bob"] {
            _ = try relay.request(.get, "/api/auth/me", bearer: relay.token(name))
        }
        let body = #"{"threadId":"alice_bob","content":"planted","contentType":"text"}"#
        for _ in 0..<2 {
            let sent = try relay.request(
                .post, "/api/v1/chat/send", body, bearer: relay.token("alice"))
            #expect(sent.status == 201)
        }
        let list = try relay.request(
            .get, "/api/v1/chat/messages/alice_bob", bearer: relay.token("alice"))
        #expect(list.status == 200 && list.body["data"]?["messages"] == [])
        relay.connect(2, "bob")
        #expect(relay.take(2).count == 2)
        #expect(try relay.realStore?.state(relay.wall).kept == [])
    }

    @Test func historyExpiresAndIsSealed() throws {
        _ = try send("alice", "alice_bob", "planted-text")
        #expect(try read("bob", "alice_bob").texts.count == 1)
        let directory = try #require(relay.realStore?.directory)
        for name in ["relay.db", "relay.db-wal"] {
            let bytes = try Data(contentsOf: directory.appending(path: name))
            #expect(bytes.range(of: Data("planted-text".utf8)) == nil)
        }
        relay.advance(.seconds(7 * 3600))
        #expect(try read("bob", "alice_bob").texts.count == 1)
        relay.advance(.seconds(18 * 3600))
        #expect(try read("bob", "alice_bob").texts == [])
    }

    @Test(arguments: [
        "[]", "{", #"{"content":"x"}"#, #"{"thread_id":"alice_bob"}"#,
        #"{"thread_id":"alice_bob","content":1}"#, #"{"thread_id":"","content":"x"}"#,
        #"{"thread_id":"t","content":"x","members":[1]}"#,
    ])
    func badBodiesAreRefused(body: String) throws {
        let sent = try relay.request(
            .post, "/api/v1/chat/send", body, bearer: relay.token("alice"))
        #expect(sent.status == 400)
    }
}
