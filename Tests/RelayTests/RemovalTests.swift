import Clock
import HTTP
import JSON
import Testing

@testable import Relay
@testable import Storage

/// What a removed account had in common with others goes with it, in memory and in the database.
@Suite struct RemovalTests {
    private let world: GroupWorld
    private var relay: TestRelay { world.relay }

    init() throws { world = try GroupWorld(history: .seconds(86_400)) }

    private func remove(_ user: String) {
        let line = #"{"request":"user.remove","user":"\#(user)"}"#
        relay.server.receive(control: Array(line.utf8), number: 1)
        relay.run()
        #expect(relay.replies[1]?.last?.contains("error") != true)
    }

    private func count(_ table: String, _ condition: String = "1") throws -> Int64 {
        try relay.realStore?.executor.database.integer(
            "SELECT count(*) FROM \(table) WHERE \(condition)") ?? -1
    }

    private func number(_ user: String) throws -> Int64 {
        try #require(
            relay.server.directory.user(id: Array(user.utf8)[...]).map {
                relay.server.directory[$0].account.number
            })
    }

    private func say(_ name: String, _ thread: String, _ text: String, _ more: String = "") throws {
        let answer = try relay.request(
            .post, "/api/v1/chat/send", #"{"thread_id":"\#(thread)","content":"\#(text)"\#(more)}"#,
            bearer: relay.token(name))
        #expect(answer.status == 201)
    }

    private func read(_ name: String, _ thread: String) throws -> [String]? {
        let (status, body) = try relay.request(
            .get, "/api/v1/chat/messages/\(thread)", bearer: relay.token(name))
        guard status == 200 else { return nil }
        return body["data"]?["messages"]?.array?.compactMap { $0["content"]?.string }
    }

    @Test func theOthersOfAGroupHear() throws {
        relay.connect(2, "bob")
        relay.connect(3, "carol")
        _ = try world.send("alice", "hers")
        let (_, kept) = try world.send("bob", "his")
        _ = try (world.take(2), world.take(3))
        _ = try world.ask("carol", .post, "/messages/\(kept)/read")
        _ = try world.take(2)
        remove("carol")
        #expect(relay.closed[3] == "accountRemoved")
        let told = relay.take(2)
        #expect(told.count == 1)
        #expect(told[0].contains(#""change":"memberRemoved","rotationDue":true,"by":null"#))
        for _ in 0..<2 {
            let group = try world.ask("alice", .get, "").body
            #expect(group["members"]?.array?.map { $0["userId"] } == ["alice", "bob"])
            #expect(group["rotationDue"] == true)
            let receipts = try world.ask("bob", .get, "/receipts").body["receipts"]
            #expect(receipts == [])
            relay.restart()
        }
        let rotated = try world.ask(
            "alice", .post, "/rotate", "{\(GroupWorld.keys(2, "alice", "bob"))}")
        #expect(rotated.body["rotationDue"] == false)
    }

    /// The eldest member follows the last admin; the last member takes the group along.
    @Test func aGroupIsNeverWithoutAnAdmin() throws {
        relay.connect(2, "bob")
        relay.connect(3, "carol")
        _ = try world.send("alice", "hers")
        _ = try world.send("bob", "his")
        _ = try (world.take(2), world.take(3))
        let alice = try number("alice")
        remove("alice")
        #expect(try world.take(2) == ["group_updated", "group_updated"])
        #expect(relay.take(3).last?.contains(#""change":"adminAdded""#) == true)
        #expect(try count("group_key", "account = \(alice)") == 0)
        for _ in 0..<2 {
            let group = try world.ask("carol", .get, "").body
            #expect(group["members"]?.array?.map { $0["role"] } == ["admin", "member"])
            #expect(group["createdBy"] == .null)
            let left = try world.ask("carol", .get, "/messages").body["messages"]?.array
            #expect(left?.map { $0["ciphertext"] } == ["his"])
            relay.restart()
        }
        let rotated = try world.ask(
            "bob", .post, "/rotate", "{\(GroupWorld.keys(2, "bob", "carol"))}")
        #expect(rotated.status == 200)
        remove("bob")
        remove("carol")
        for table in ["chat_group", "group_member", "group_key", "receipt", "history"] {
            #expect(try count(table) == 0, "\(table)")
        }
        #expect(relay.server.groups.number(id: world.group) == nil)
    }

    @Test func devicesAndWhatWaitsForThem() throws {
        let logins = (0..<2).map { relay.token("bob", validFor: .seconds(3600 + $0)) }
        for login in logins {
            let made = try relay.request(
                .post, "/api/v1/devices", #"{"name":"x","keys":"k"}"#, bearer: login)
            #expect(made.status == 201)
        }
        relay.connect(2, auth: #"{"token":"\#(logins[0])"}"#)
        _ = try world.send("alice", "one")
        #expect(try count("message", "receiver < 0") == 1)
        // What was sent and had not left is for nobody now.
        remove("bob")
        #expect(relay.closed[2] == "accountRemoved")
        #expect(
            relay.take(2).last
                == #"["error",{"message":"The account was removed","code":"accountRemoved"}]"#)
        relay.server.undelivered(
            [EmittedMessage(EventText(name: "x", arguments: [0x31]), 0)], on: 2)
        relay.disconnect(2)
        #expect(try count("message", "receiver < 0") == 0)
        #expect(try count("device") == 0 && count("device_session") == 0)
        #expect(relay.server.devices.isEmpty)
        _ = try world.send("alice", "two")
        #expect(try count("message", "receiver < 0") == 0)
    }

    @Test func threadsWithOneAndWithMany() throws {
        try say("alice", "alice_bob", "pair")
        try say("carol", "carol_bob", "others")
        try say("alice", "weekend", "1", #","members":["bob","carol"]"#)
        try say("bob", "weekend", "2")
        try say("alice", "note", "to herself")
        remove("alice")
        #expect(try count("history", "kind = 0") == 2)
        for _ in 0..<2 {
            #expect(try read("bob", "alice_bob") == nil)
            #expect(try read("bob", "carol_bob") == ["others"])
            #expect(try read("carol", "weekend") == ["2"])
            #expect(try read("bob", "note") == nil)
            relay.restart()
        }
        try say("carol", "weekend", "3")
        #expect(try read("bob", "weekend") == ["2", "3"])
        #expect(
            relay.server.threads.count(
                of: try #require(
                    relay.server.directory.user(id: Array("bob".utf8)[...]))) == 1)
    }

    /// A removal that comes while a group changes follows the change, as it does in the store.
    @Test func whileAGroupChanges() throws {
        func begin(_ number: Int, _ method: Method, _ path: String, _ body: String) throws {
            var request = Request(
                method, try Target("/api/v1/groups/\(world.group)\(path)"), body: Array(body.utf8))
            request.fields.append("Authorization", "Bearer \(relay.token("alice"))")
            relay.server.receive(request, number: number, from: "")
        }
        try begin(
            1001, .post, "/members",
            #"{"userId":"dave",\#(GroupWorld.keys(2, "alice", "bob", "carol", "dave"))}"#)
        try begin(1002, .post, "/messages", #"{"epoch":2,"ciphertext":"new"}"#)
        for user in ["bob", "dave"] {
            let line = #"{"request":"user.remove","user":"\#(user)"}"#
            relay.server.receive(control: Array(line.utf8), number: 1)
        }
        relay.run()
        #expect(relay.responses[1001]?.status == .created)
        #expect(relay.responses[1002]?.status == .created)
        for _ in 0..<2 {
            let group = try world.ask("carol", .get, "").body
            #expect(group["members"]?.array?.map { $0["userId"] } == ["alice", "carol"])
            #expect(group["rotationDue"] == true && group["epoch"]?.integer == 2)
            relay.restart()
        }
        #expect(try count("group_member") == 2)
        let own = try [number("alice"), number("carol")].map { "\($0)" }.joined(separator: ",")
        #expect(try count("message", "receiver NOT IN (\(own))") == 0)
    }
}
