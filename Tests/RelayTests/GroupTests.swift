import Clock
import HTTP
import JSON
import Metrics
import Testing

@testable import Relay

/// Alice made a group with bob and carol; all have accounts, dave too.
struct GroupWorld {
    let relay: TestRelay
    let group: String

    init(history: Duration = .zero, limits: Relay.Limits = Relay.Limits()) throws {
        relay = try TestRelay(history: history, limits: limits)
        for name in ["alice", "bob", "carol", "dave"] {
            _ = try relay.request(.get, "/api/auth/me", bearer: relay.token(name))
        }
        let made = try relay.request(
            .post, "/api/v1/groups",
            #"{"name":"Friends","members":[{"userId":"alice","sealedKey":"a1"},{"userId":"bob","sealedKey":"b1"},{"userId":"carol","sealedKey":"c1"}]}"#,
            bearer: relay.token("alice"))
        group = made.body["id"]?.string ?? "?"
    }

    func ask(_ name: String, _ method: Method, _ path: String, _ body: String = "") throws -> (
        status: Int, body: JSON
    ) {
        try relay.request(
            method, "/api/v1/groups/\(group)\(path)", body, bearer: relay.token(name))
    }

    /// The text of what is answered.
    func raw(_ name: String, _ path: String) throws -> String {
        try relay.text(.get, "/api/v1/groups/\(group)\(path)", bearer: relay.token(name))
    }

    static func keys(_ epoch: Int, _ names: String...) -> String {
        let list = names.map { #"{"userId":"\#($0)","sealedKey":"\#($0.prefix(1))\#(epoch)"}"# }
        return #""epoch":\#(epoch),"keys":[\#(list.joined(separator: ","))]"#
    }

    func send(_ name: String, _ text: String, epoch: Int = 1) throws -> (status: Int, id: String) {
        let (status, body) = try ask(
            name, .post, "/messages", #"{"epoch":\#(epoch),"ciphertext":"\#(text)","iv":"aQ=="}"#)
        return (status, body["messageId"]?.string ?? "")
    }

    /// The names of the events that a connection was sent, and the texts of group messages.
    func take(_ socket: SocketNumber) throws -> [String] {
        try relay.take(socket).map { event in
            let array = try JSON(parsing: Array(event.utf8)).array ?? []
            let text = array.last?["ciphertext"]?.string
            return (array.first?.string ?? "?") + (text.map { " \($0)" } ?? "")
        }
    }
}

@Suite struct GroupTests {
    @Test func aGroupIsMadeAndReadByItsMembers() throws {
        let world = try GroupWorld()
        let (status, group) = try world.ask("bob", .get, "")
        #expect(status == 200)
        #expect(group["epoch"]?.integer == 1 && group["name"] == "Friends")
        #expect(group["sealedKey"] == "b1" && group["members"]?.array?.count == 3)
        #expect(group["members"]?.array?.first?["role"] == "admin")
        let list = try world.relay.request(
            .get, "/api/v1/groups", bearer: world.relay.token("carol"))
        #expect(list.body["groups"]?.array?.count == 1)
        let none = try world.relay.request(
            .get, "/api/v1/groups", bearer: world.relay.token("dave"))
        #expect(none.body["groups"] == [])
    }

    @Test func messagesGoToAllMembersAlsoToThoseWhoAreAway() throws {
        let world = try GroupWorld()
        world.relay.connect(1, "alice")
        world.relay.connect(2, "bob")
        _ = try (world.take(1), world.take(2))
        let sent = try world.send("alice", "one")
        #expect(sent.status == 201)
        #expect(try world.take(1) == ["group_message one"])
        #expect(try world.take(2) == ["group_message one"])
        world.relay.connect(3, "carol")
        #expect(try world.take(3) == ["group_updated", "group_message one"])
        world.relay.disconnect(3)
        world.relay.connect(3, "carol")
        #expect(try world.take(3) == [])
        let list = try world.ask("carol", .get, "/messages").body["messages"]?.array ?? []
        #expect(list.map { $0["ciphertext"] } == ["one"])
        #expect(list.first?["messageId"]?.string == sent.id)
        #expect(try world.send("alice", "x", epoch: 2).status == 409)
    }

    /// Who leaves knows each key that it makes, so none of them is the last word.
    @Test func whoLeavesChoosesNoKey() throws {
        let world = try GroupWorld()
        let chosen = "{\(GroupWorld.keys(2, "alice", "carol"))}"
        #expect(try world.ask("bob", .delete, "/members/bob", chosen).status == 200)
        let group = try world.ask("alice", .get, "").body
        #expect(group["epoch"]?.integer == 1 && group["rotationDue"] == true)
        #expect(group["sealedKey"] == "a1" && group["members"]?.array?.count == 2)
        // An admin who leaves may bring one; it is due again.
        let admin = try world.ask("alice", .post, "/admins", #"{"userId":"carol"}"#)
        #expect(admin.status < 300)
        let left = try world.ask(
            "alice", .delete, "/members/alice", "{\(GroupWorld.keys(2, "carol"))}")
        #expect(left.status == 200)
        let rest = try world.ask("carol", .get, "").body
        #expect(rest["epoch"]?.integer == 2 && rest["rotationDue"] == true)
    }

    /// Groups that others took somebody into leave it its own.
    @Test func onlyOwnGroupsCountForTheLimit() throws {
        var limits = Relay.Limits()
        limits.groupsPerUser = 2
        let world = try GroupWorld(limits: limits)
        func make(_ name: String) throws -> Int {
            try world.relay.request(
                .post, "/api/v1/groups",
                #"{"name":"G","members":[{"userId":"alice","sealedKey":"a"},{"userId":"bob","sealedKey":"b"}]}"#,
                bearer: world.relay.token(name)
            ).status
        }
        #expect(try make("alice") == 201)
        #expect(try make("alice") == 409)
        #expect(try make("bob") == 201)
        #expect(try make("bob") == 201)
        #expect(try make("bob") == 409)
    }

    /// Who is away and has no room misses the event; the sender is told whom it did not reach, and
    /// the message is among the group's.
    @Test func aFullMailboxIsToldToTheSender() throws {
        var limits = Relay.Limits()
        limits.keptMessagesPerUser = 2
        let world = try GroupWorld(limits: limits)
        world.relay.connect(2, "bob")
        _ = try world.take(2)
        let body = #"{"epoch":1,"ciphertext":"text"}"#
        // The news that she is in the group waits for carol already.
        let first = try world.ask("alice", .post, "/messages", body)
        #expect(first.status == 201 && first.body["notKept"] == nil)
        let second = try world.ask("alice", .post, "/messages", body)
        #expect(second.status == 201 && second.body["success"] == true)
        #expect(second.body["notKept"] == [["userId": "carol", "code": "queueFull"]])
        #expect(try world.take(2) == ["group_message text", "group_message text"])
        let counted = world.relay.server.counters.notKept.counts
        #expect(counted == ["group_message": 1])
        world.relay.connect(3, "carol")
        #expect(try world.take(3) == ["group_updated", "group_message text"])
        let list = try world.ask("carol", .get, "/messages").body["messages"]?.array
        #expect(list?.count == 2)
        // She has room again.
        #expect(try world.ask("alice", .post, "/messages", body).body["notKept"] == nil)
        #expect(try world.take(3) == ["group_message text"])
    }

    @Test func whoeverIsRemovedGetsNothingThatFollows() throws {
        let world = try GroupWorld()
        world.relay.connect(2, "bob")
        world.relay.connect(3, "carol")
        _ = try world.send("alice", "before")
        world.relay.disconnect(3)
        _ = try world.send("alice", "while away")
        for (body, status) in [
            (GroupWorld.keys(3, "alice", "bob"), 409), (GroupWorld.keys(2, "alice"), 409),
            (GroupWorld.keys(2, "alice", "bob", "carol"), 409),
            (#""keys":[]"#, 400), (GroupWorld.keys(2, "alice", "bob"), 200),
        ] {
            #expect(
                try world.ask("alice", .delete, "/members/carol", "{\(body)}").status == status)
        }
        #expect(try world.send("bob", "after", epoch: 2).status == 201)
        _ = try world.take(3)
        world.relay.connect(3, "carol")
        #expect(try world.take(3) == ["group_message while away", "group_removed"])
        _ = try world.send("bob", "after", epoch: 2)
        #expect(try world.take(3) == [])
        #expect(try world.ask("carol", .get, "/messages").status == 404)
        #expect(try world.send("carol", "mine", epoch: 2).status == 404)
        // Back in, she sees what is sent from now on.
        world.relay.advance(.seconds(1))
        let back = GroupWorld.keys(3, "alice", "bob", "carol")
        #expect(
            try world.ask("alice", .post, "/members", #"{"userId":"carol",\#(back)}"#).status
                == 201)
        _ = try world.send("bob", "again", epoch: 3)
        let seen = try world.ask("carol", .get, "/messages").body["messages"]?.array ?? []
        #expect(seen.map { $0["ciphertext"] } == ["again"])
    }

    @Test func oldKeysAreThereForAsLongAsTheirMessages() throws {
        let world = try GroupWorld()
        let (status, _) = try world.ask(
            "alice", .post, "/rotate", "{\(GroupWorld.keys(2, "alice", "bob", "carol"))}")
        #expect(status == 200)
        let keys = try world.ask("bob", .get, "").body["sealedKeys"]?.array ?? []
        #expect(keys.map { $0["sealedKey"] } == ["b2", "b1"])
        world.relay.advance(.seconds(7 * 3600))
        let later = try world.ask("bob", .get, "").body["sealedKeys"]?.array ?? []
        #expect(later.map { $0["sealedKey"] } == ["b2"])
    }

    @Test func theLastAdminStaysAndWhoLeavesNeedsNoKeys() throws {
        let world = try GroupWorld()
        #expect(try world.ask("alice", .delete, "/members/alice").status == 409)
        #expect(try world.ask("alice", .delete, "/admins/alice").status == 409)
        #expect(try world.ask("bob", .post, "/admins", #"{"userId":"bob"}"#).status == 403)
        #expect(try world.ask("alice", .post, "/admins", #"{"userId":"bob"}"#).status == 201)
        #expect(try world.ask("alice", .delete, "/members/alice").status == 200)
        let group = try world.ask("bob", .get, "").body
        #expect(group["rotationDue"] == true && group["epoch"]?.integer == 1)
        #expect(try world.ask("alice", .get, "").status == 404)
        let rotated = try world.ask(
            "bob", .post, "/rotate", "{\(GroupWorld.keys(2, "bob", "carol"))}")
        #expect(rotated.body["rotationDue"] == false)
        #expect(try world.ask("carol", .delete, "/members/carol").status == 200)
        #expect(try world.ask("bob", .delete, "/members/bob").status == 200)
        #expect(try world.relay.realStore?.state(world.relay.wall).groups == [])
    }

    @Test func receiptsArePerMember() throws {
        let world = try GroupWorld()
        world.relay.connect(1, "alice")
        let (_, id) = try world.send("alice", "one")
        _ = try world.take(1)
        for _ in 0..<2 {
            #expect(try world.ask("bob", .post, "/messages/\(id)/read").status == 200)
        }
        #expect(try world.take(1) == ["group_read"])
        #expect(try world.ask("dave", .post, "/messages/\(id)/read").status == 404)
        #expect(try world.ask("bob", .post, "/messages/\(id.dropLast())x/read").status == 404)
        for path in ["/receipts", "/messages/\(id)/receipts"] {
            let receipts = try world.ask("carol", .get, path).body["receipts"]?.array ?? []
            #expect(receipts.map { $0["userId"] } == ["bob"])
            #expect(receipts.first?["messageId"]?.string == id)
        }
    }

    /// Who cannot see a message is not told who read it either, by no path.
    @Test func receiptsAreOfWhatAMemberCanSee() throws {
        let world = try GroupWorld()
        let before = try world.send("alice", "before").id
        let without = GroupWorld.keys(2, "alice", "carol")
        #expect(try world.ask("alice", .delete, "/members/bob", "{\(without)}").status == 200)
        let between = try world.send("alice", "between", epoch: 2).id
        world.relay.advance(.seconds(1))
        for (epoch, name, names) in [
            (3, "bob", ["alice", "carol", "bob"]), (4, "dave", ["alice", "carol", "bob", "dave"]),
        ] {
            let keys = names.map { #"{"userId":"\#($0)","sealedKey":"k"}"# }
            let body =
                #"{"userId":"\#(name)","epoch":\#(epoch),"keys":[\#(keys.joined(separator: ","))]}"#
            #expect(try world.ask("alice", .post, "/members", body).status == 201)
        }
        for (socket, name) in [(1, "alice"), (2, "bob"), (4, "dave")] {
            world.relay.connect(socket, name)
            _ = try world.take(socket)
        }
        let after = try world.send("alice", "after", epoch: 4).id
        for id in [before, between, after] {
            #expect(try world.ask("carol", .post, "/messages/\(id)/read").status == 200)
        }
        let newer = ["group_message after", "group_read"]
        #expect(try world.take(2) == newer && world.take(4) == newer)
        #expect(try world.take(1) == newer + ["group_read", "group_read"])
        for (name, seen) in [
            ("alice", [before, between, after]), ("bob", [after]), ("dave", [after]),
        ] {
            func ids(_ path: String) throws -> [String] {
                let list = try world.ask(name, .get, path).body["receipts"]?.array ?? []
                return list.compactMap { $0["messageId"]?.string }
            }
            #expect(try ids("/receipts") == seen, "\(name)")
            for id in [before, between, after] {
                #expect(try ids("/messages/\(id)/receipts") == seen.filter { $0 == id })
            }
        }
    }

    /// An author who was out meanwhile cannot see what it wrote before, nor who reads it.
    @Test func anAuthorWhoIsBackIsANewMember() throws {
        let world = try GroupWorld()
        let id = try world.send("bob", "before").id
        #expect(try world.ask("bob", .delete, "/members/bob").status == 200)
        world.relay.advance(.seconds(1))
        let back = GroupWorld.keys(2, "alice", "bob", "carol")
        #expect(
            try world.ask("alice", .post, "/members", #"{"userId":"bob",\#(back)}"#).status == 201)
        world.relay.connect(2, "bob")
        _ = try world.take(2)
        #expect(try world.ask("carol", .post, "/messages/\(id)/read").status == 200)
        #expect(try world.take(2) == [])
    }

    /// Half a surrogate pair in what the relay only passes on stays as it was written.
    @Test func whatIsNoTextIsPassedOn() throws {
        let world = try GroupWorld()
        world.relay.connect(2, "bob")
        _ = try world.take(2)
        let own = #""ciphertext":"a\ud83d","note":{"x":["\uDC00",1]}"#
        let sent = try world.ask("alice", .post, "/messages", "{\"epoch\":1,\(own)}")
        #expect(sent.status == 201)
        #expect(world.relay.take(2).first?.contains(own) == true)
        #expect(try world.raw("bob", "/messages").contains(own))
        let keys = GroupWorld.keys(2, "alice", "bob", "carol")
            .replacing(#""b2""#, with: #""\ud800""#)
        #expect(try world.ask("alice", .post, "/rotate", "{\(keys)}").status == 200)
        #expect(try world.raw("bob", "").contains(#""sealedKey":"\ud800""#))
        let name = try world.relay.request(
            .post, "/api/v1/groups", #"{"name":"\ud800","sealedKey":"k"}"#,
            bearer: world.relay.token("alice"))
        #expect(name.status == 400 && name.body["code"] == "badField")
    }

    @Test func historyIsPagedAndExpires() throws {
        let world = try GroupWorld()
        var ids: [String] = []
        for number in 1...5 { ids.append(try world.send("alice", "\(number)").id) }
        func texts(_ query: String) throws -> ([String], JSON?) {
            let body = try world.ask("bob", .get, "/messages?\(query)").body
            return (
                (body["messages"]?.array ?? []).compactMap { $0["ciphertext"]?.string },
                body["next"]
            )
        }
        #expect(try texts("limit=2") == (["1", "2"], .string(ids[1])))
        #expect(try texts("limit=2&after=\(ids[1])") == (["3", "4"], .string(ids[3])))
        #expect(try texts("limit=2&after=\(ids[3])") == (["5"], .null))
        #expect(try texts("limit=2&before=\(ids[3])").0 == ["2", "3"])
        #expect(try world.ask("bob", .get, "/messages?limit=x").status == 400)
        // One that is gone is older than all that is there.
        let gone = String(repeating: "0", count: 24)
        #expect(try texts("after=\(gone)").0.count == 5)
        #expect(try texts("before=\(gone)").0 == [])
        #expect(try texts("after=").0.count == 5)
        world.relay.advance(.seconds(6 * 3600 + 61))
        #expect(try texts("").0 == [])
    }

    @Test(arguments: [
        ("/messages", "after"), ("/messages", "before"), ("/receipts", "after"),
        ("/messages/000000000000000000000000/receipts", "after"),
    ])
    func whatIsNoPlaceInAListIsRefused(path: String, name: String) throws {
        let world = try GroupWorld()
        let wrong = [
            "zzz", "-1", "%20", "%C3%A9", "99999999999999999999", "00000000000000000000000g",
            "+00000000000000000000001", "0000000000000000000000000",
        ]
        for cursor in wrong where !(path.hasSuffix("receipts") && Int64(cursor) ?? -1 >= 0) {
            let (status, body) = try world.ask("bob", .get, "\(path)?limit=2&\(name)=\(cursor)")
            #expect(status == 400 && body["code"] == "badField", "\(cursor)")
            #expect(body["field"]?.string == name)
        }
    }

    @Test func aRestartLosesNothing() throws {
        let world = try GroupWorld()
        _ = try world.send("alice", "one")
        world.relay.restart()
        #expect(try world.ask("bob", .get, "").body["sealedKey"] == "b1")
        world.relay.connect(2, "bob")
        #expect(try world.take(2) == ["group_updated", "group_message one"])
    }

    @Test func whatComesWhileTheGroupChangesWaitsForIt() throws {
        let world = try GroupWorld()
        world.relay.connect(3, "carol")
        _ = try world.take(3)
        func begin(_ number: Int, _ name: String, _ method: Method, _ path: String, _ body: String)
            throws
        {
            var request = Request(
                method, try Target("/api/v1/groups/\(world.group)\(path)"), body: Array(body.utf8))
            request.fields.append("Authorization", "Bearer \(world.relay.token(name))")
            world.relay.server.receive(request, number: number, from: "")
        }
        try begin(
            1001, "alice", .delete, "/members/carol", "{\(GroupWorld.keys(2, "alice", "bob"))}")
        try begin(1002, "bob", .post, "/messages", #"{"epoch":1,"ciphertext":"old"}"#)
        try begin(1003, "bob", .post, "/messages", #"{"epoch":2,"ciphertext":"new"}"#)
        world.relay.run()
        let statuses = [1001, 1002, 1003].map { world.relay.responses[$0]?.status.rawValue }
        #expect(statuses == [200, 409, 201])
        #expect(try world.take(3) == ["group_removed"])
    }
}
