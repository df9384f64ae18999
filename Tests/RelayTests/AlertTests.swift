import Clock
import HTTP
import JSON
import Testing

@testable import Relay

@Suite struct AlertTests {
    private func relay(_ set: (inout Relay.Limits) -> Void) throws -> TestRelay {
        var limits = Relay.Limits()
        set(&limits)
        return try TestRelay(limits: limits)
    }

    private func alerts(_ relay: TestRelay) -> [String] {
        relay.notices.filter { $0.event == "alert" }.map { "\($0.rule ?? "") \($0.userID)" }
    }

    @Test func aRuleSpeaksOnceAWindow() throws {
        let relay = try relay { $0.alertAuthFailures = 3 }
        let wrong = #"{"email":"a@example.com","password":"x"}"#
        for round in 0..<6 {
            _ = try relay.request(.post, "/api/auth/login", wrong, from: "192.0.2.\(round)")
        }
        // By account; no address did it.
        #expect(alerts(relay) == ["authFailures "])
        relay.advance(.seconds(61))
        for _ in 0..<3 { _ = try relay.request(.post, "/api/auth/login", wrong) }
        #expect(alerts(relay) == ["authFailures ", "authFailures ", "authFailures "])
        relay.advance(.seconds(5))
        #expect(relay.store.audit.contains(#""rule":"authFailures""#))
        #expect(relay.store.audit.contains(#""address":"192.0.2.1""#))
    }

    @Test func whoWritesToMany() throws {
        let relay = try relay { $0.alertManyTargets = 5 }
        for user in 0..<20 { relay.connect(user + 10, "u\(user)") }
        relay.connect(1, "mallory")
        for round in 0..<50 { relay.send(1, #"["typing:start",{"recipientId":"u\#(round % 4)"}]"#) }
        #expect(alerts(relay) == [])
        for round in 0..<20 { relay.send(1, #"["typing:start",{"recipientId":"u\#(round)"}]"#) }
        #expect(alerts(relay) == ["manyTargets mallory"])
    }

    private func relay(knowing users: Int) throws -> TestRelay {
        var limits = Relay.Limits()
        limits.alertManyTargets = 5
        let relay = try TestRelay(history: .zero, limits: limits)
        for user in ["mallory"] + (0..<users).map({ "u\($0)" }) {
            _ = try relay.request(.get, "/api/auth/me", bearer: relay.token(user))
        }
        return relay
    }

    private func post(_ relay: TestRelay, _ path: String, _ body: String) throws -> JSON {
        let answer = try relay.request(
            .post, "/api/v1/" + path, body, bearer: relay.token("mallory"))
        #expect(answer.status == 201, "\(answer.body)")
        return answer.body
    }

    @Test func whoWritesToManyByREST() throws {
        let relay = try relay(knowing: 5)
        for round in 0..<20 {
            _ = try post(
                relay, "chat/send", #"{"thread_id":"mallory_u\#(round % 4)","content":"c"}"#)
        }
        #expect(alerts(relay) == [])
        _ = try post(
            relay, "chat/send", #"{"thread_id":"trip","content":"c","members":["u1","u4"]}"#)
        #expect(alerts(relay) == ["manyTargets mallory"])
    }

    @Test func whoWritesToManyGroupsOrFillsThem() throws {
        let relay = try relay(knowing: 6)
        let members = (0..<2).map { #"{"userId":"u\#($0)","sealedKey":"k"}"# }
            .joined(separator: ",")
        let made = try (0..<3).map { _ in
            try #require(
                try post(
                    relay, "groups",
                    #"{"name":"n","sealedKey":"k","members":[\#(members)]}"#)["id"]?.string)
        }
        // Two users and two groups; a message to one of them is no message to all its members.
        for group in made.dropLast() + made.dropLast() {
            _ = try post(relay, "groups/\(group)/messages", #"{"epoch":1,"ciphertext":"c"}"#)
        }
        #expect(alerts(relay) == [])
        let names = ["mallory", "u0", "u1", "u5"]
        let keys = names.map { #"{"userId":"\#($0)","sealedKey":"k"}"# }.joined(separator: ",")
        _ = try post(
            relay, "groups/\(made[2])/members",
            #"{"epoch":2,"keys":[\#(keys)],"members":[{"userId":"u5"}]}"#)
        #expect(alerts(relay) == ["manyTargets mallory"])
    }

    @Test func whoIsCalledAgainAndAgain() throws {
        let relay = try relay { $0.alertCallFlood = 4 }
        relay.connect(1, "bob")
        for caller in 0..<6 {
            relay.connect(10 + caller, "c\(caller)")
            relay.send(
                10 + caller,
                #"["call_initiate",{"receiver_id":"bob","call_type":"voice","caller_name":"C"}]"#)
        }
        #expect(alerts(relay) == ["callFlood bob"])
    }

    @Test func whoCallsOneAfterTheOther() throws {
        let relay = try relay { $0.alertCallFlood = 4 }
        relay.connect(1, "mallory")
        for user in 0..<6 {
            relay.connect(10 + user, "u\(user)")
            relay.send(
                1,
                #"["call_initiate",{"receiver_id":"u\#(user)","call_type":"voice","caller_name":"M"}]"#
            )
        }
        #expect(alerts(relay) == ["callFlood mallory"])
    }

    @Test func whoTriesNames() throws {
        let relay = try relay {
            $0.alertRoomScan = 3
            $0.alertRefusedEvents = 5
        }
        relay.connect(1, "mallory")
        for round in 0..<5 { relay.send(1, #"["join_room",{"recipientId":"nobody\#(round)"}]"#) }
        #expect(alerts(relay) == ["roomScan mallory", "refusedEvents mallory"])
    }

    @Test(arguments: [
        (Method.get, "groups/g%", ""), (.get, "chat/messages/q%", ""),
        (.post, "chat/send", #"{"thread_id":"q","content":"c","members":["nobody%"]}"#),
        (.post, "groups", #"{"name":"n","members":[{"userId":"nobody%","sealedKey":"k"}]}"#),
    ])
    func whoTriesNamesByREST(method: Method, path: String, body: String) throws {
        let relay = try relay { $0.alertRoomScan = 3 }
        func ask(_ round: Int) throws {
            func filled(_ text: String) -> String { text.replacing("%", with: "\(round)") }
            let answer = try relay.request(
                method, "/api/v1/" + filled(path), filled(body), bearer: relay.token("mallory"))
            #expect(answer.status == 404)
        }
        // Who waits for one that is not there yet is not looking for others.
        for _ in 0..<10 { try ask(1) }
        try ask(2)
        #expect(alerts(relay) == [])
        for round in 3..<10 { try ask(round) }
        #expect(alerts(relay) == ["roomScan mallory"])
    }

    @Test func whoTriesNamesWhileTheGroupChanges() throws {
        var limits = Relay.Limits()
        limits.alertRoomScan = 3
        let relay = try TestRelay(history: .zero, limits: limits)
        let made = try post(relay, "groups", #"{"name":"n","sealedKey":"k"}"#)
        let path = "/api/v1/groups/\(try #require(made["id"]?.string))"
        func begin(_ number: Int, _ what: String, _ body: String) throws {
            var request = Request(.post, try Target(path + what), body: Array(body.utf8))
            request.fields.append("Authorization", "Bearer \(relay.token("mallory"))")
            relay.server.receive(request, number: number, from: "192.0.2.1")
        }
        let key = #"{"userId":"mallory","sealedKey":"k"}"#
        try begin(100, "/rotate", #"{"epoch":2,"keys":[\#(key)]}"#)
        for round in 0..<3 {
            try begin(101 + round, "/members", #"{"userId":"nobody\#(round)","sealedKey":"k"}"#)
        }
        relay.run()
        #expect((100..<104).map { relay.responses[$0]?.status.rawValue } == [200, 404, 404, 404])
        #expect(alerts(relay) == ["roomScan mallory"])
    }

    /// One request passes the threshold by far.
    @Test func oneGroupOfManyStrangers() throws {
        let relay = try TestRelay(history: .zero)
        let strangers = (0..<110).map { "u\($0)" }
        for user in ["mallory"] + strangers {
            _ = try relay.request(.get, "/api/auth/me", bearer: relay.token(user))
        }
        let members = strangers.map { #"{"userId":"\#($0)","sealedKey":"k"}"# }
        let body = #"{"name":"n","sealedKey":"k","members":[\#(members.joined(separator: ","))]}"#
        for _ in 0..<5 { _ = try post(relay, "groups", body) }
        #expect(alerts(relay) == ["manyTargets mallory"])
        // Once a window, whichever way the others were found.
        relay.advance(.seconds(61))
        relay.connect(1, "mallory")
        for user in strangers { relay.send(1, #"["join_room",{"recipientId":"\#(user)"}]"#) }
        #expect(alerts(relay).count == 2)
        for _ in 0..<5 { _ = try post(relay, "groups", body) }
        #expect(alerts(relay).count == 2)
    }

    @Test func connections() throws {
        let relay = try relay {
            $0.alertConnectFlood = 3
            $0.alertManyAddresses = 2
        }
        for socket in 1...4 { relay.connect(socket, "bob") }
        #expect(alerts(relay) == ["connectFlood "])
        relay.server.connect(
            9, socketID: "s9", auth: Array(#"{"token":"\#(relay.token("bob"))"}"#.utf8)[...],
            address: "198.51.100.7")
        relay.run()
        #expect(alerts(relay) == ["connectFlood ", "manyAddresses bob"])
    }

    @Test func zeroSwitchesARuleOff() throws {
        let relay = try relay {
            $0.alertAuthFailures = 0
            $0.alertRefusedEvents = 0
            $0.alertRoomScan = 0
        }
        relay.connect(1, "mallory")
        for _ in 0..<200 { relay.send(1, #"["join_room",{"recipientId":"nobody"}]"#) }
        for round in 0..<200 { relay.connect(100 + round, auth: #"{"token":"a.b.c"}"#) }
        #expect(alerts(relay) == [])
    }

    @Test func memoryIsBounded() {
        var book = AlertBook()
        for number in 0..<(AlertBook.maximumCount + 100) {
            _ = book.count(
                .authFailures, .address("a\(number)"), threshold: 50, at: .origin)
        }
        #expect(book.count == AlertBook.maximumCount)
        book.sweep(at: .origin + .seconds(61))
        #expect(book.count == 0)
    }
}
