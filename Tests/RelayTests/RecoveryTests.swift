import Clock
import Crypto
import HTTP
import Testing

@testable import Relay

/// A client that lost its connection goes on where it was, misses nothing, gets nothing twice, and
/// is always told whether that is so.
@Suite struct RecoveryTests {
    private let relay: TestRelay

    init() throws {
        relay = try TestRelay()
        relay.connect(1, "alice")
        connect(2)
    }

    private func connect(_ socket: SocketNumber, _ more: String = "") {
        let token = relay.token("bob")
        relay.connect(socket, auth: #"{"token":"\#(token)","recovery":true\#(more)}"#)
    }

    private func comeBack(_ socket: SocketNumber, pid: String, offset: String?) {
        let position = offset.map { #","offset":"\#($0)""# } ?? ""
        connect(socket, #","pid":"\#(pid)"\#(position)"#)
    }

    private func vanish(_ socket: SocketNumber) {
        relay.server.disconnect(socket, mayReturn: true)
        relay.run()
    }

    /// Alice types, so that bob's client is sent an event.
    private func type() {
        relay.send(1, #"["typing:start",{"recipientId":"bob"}]"#)
    }

    private func send(_ sequence: Int) {
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":\#(sequence)}]"#
        )
    }

    /// The offset at the end of an event.
    private static func offset(_ event: String?) -> String {
        String((event ?? "").dropLast(2).suffix(12))
    }

    /// The names of events, and of messages their sequence numbers.
    private func take(_ socket: SocketNumber) -> [String] {
        relay.take(socket).map { event in
            if let range = event.firstRange(of: #""seq":"#) {
                return String(event[range.upperBound...].prefix { $0.isNumber })
            }
            return String(event.dropFirst(2).prefix { $0 != "\"" })
        }
    }

    @Test func thePositionComesBeforeAnyEvent() throws {
        let answer = try #require(relay.recoveries[2])
        #expect(!answer.isRecovered && answer.reason == nil && answer.offset == "000000000000")
        #expect(
            relay.take(2) == [#"["recovery:position",{"recovered":false},"000000000001"]"#])
        #expect(relay.recoveries[1] == nil)
        type()
        #expect(Self.offset(relay.take(2).first) == "000000000002")
        #expect(relay.take(1).allSatisfy { !$0.contains("recovery") })
    }

    @Test func goesOnAfterWhatItHas() throws {
        let pid = try #require(relay.recoveries[2]).pid
        relay.send(2, #"["join_room",{"recipientId":"alice"}]"#)
        type()
        send(1)
        let position = Self.offset(relay.take(2).last)
        send(2)
        type()
        _ = relay.take(2)
        let old = relay.socketIDs[2]
        vanish(2)
        send(3)
        comeBack(3, pid: pid, offset: position)
        #expect(relay.recoveries[3]?.isRecovered == true)
        #expect(relay.recoveries[3]?.pid == pid && relay.socketIDs[3] == old)
        #expect(take(3) == ["2", "typing:user", "recovery:position", "3"])
        #expect(relay.server.peer(at: 3)?.rooms.count == 1)
        vanish(3)
        comeBack(4, pid: pid, offset: "000000000001")
        #expect(relay.recoveries[4]?.isRecovered == false)
        #expect(relay.recoveries[4]?.reason == "positionForgotten")
    }

    @Test func aClientThatGotNothingYet() throws {
        let pid = try #require(relay.recoveries[2]).pid
        vanish(2)
        comeBack(3, pid: pid, offset: nil)
        #expect(relay.recoveries[3]?.isRecovered == true)
        #expect(take(3) == ["recovery:position", "recovery:position"])
    }

    /// What was not written is in the store at once, and still comes once.
    @Test func messagesThatHadNotLeft() throws {
        let pid = try #require(relay.recoveries[2]).pid
        _ = relay.take(2)
        for sequence in 1...4 { send(sequence) }
        let events = relay.take(2)
        relay.giveBack(3, on: 2)
        #expect(relay.store.kept.count == 3)
        // The second was there after all.
        comeBack(3, pid: pid, offset: Self.offset(events[1]))
        #expect(take(3) == ["3", "4", "recovery:position"])
        #expect(relay.store.kept.count == 0)
        vanish(3)
        relay.connect(5, "bob")
        #expect(take(5).isEmpty)
    }

    @Test func rowsThatWereNotWritten() throws {
        let pid = try #require(relay.recoveries[2]).pid
        relay.writes = false
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":1,"messageId":"m1"}]"#
        )
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":2,"messageId":"m2"}]"#
        )
        let events = relay.take(2)
        #expect(events.count == 3)
        vanish(2)
        relay.writes = true
        comeBack(3, pid: pid, offset: Self.offset(events[1]))
        #expect(take(3) == ["2", "recovery:position"])
        #expect(relay.store.kept.count == 0)
    }

    @Test(arguments: [
        ("nobody", "000000000001", "unknownSession"), ("", "00000000ffff", "badPosition"),
        ("", "x", "badPosition"), ("", "-00000000001", "badPosition"),
    ])
    func refusals(pid: String, offset: String, reason: String) throws {
        let own = try #require(relay.recoveries[2]).pid
        vanish(2)
        comeBack(3, pid: pid.isEmpty ? own : pid, offset: offset)
        let answer = try #require(relay.recoveries[3])
        #expect(!answer.isRecovered && answer.reason == reason && answer.pid != own)
        #expect(relay.take(3).first?.contains(#""reason":"\#(reason)""#) == true)
    }

    @Test func aSessionOfSomebodyElse() throws {
        let pid = try #require(relay.recoveries[2]).pid
        vanish(2)
        relay.connect(3, auth: #"{"token":"\#(relay.token("mallory"))","pid":"\#(pid)"}"#)
        #expect(relay.recoveries[3]?.reason == "unknownSession")
        comeBack(4, pid: pid, offset: nil)
        #expect(relay.recoveries[4]?.isRecovered == true)
    }

    @Test func isOverInTime() throws {
        let pid = try #require(relay.recoveries[2]).pid
        vanish(2)
        relay.advance(.seconds(130))
        comeBack(3, pid: pid, offset: nil)
        #expect(relay.recoveries[3]?.reason == "unknownSession")
    }

    @Test func whoLeavesDoesNotComeBack() throws {
        let pid = try #require(relay.recoveries[2]).pid
        relay.disconnect(2)
        comeBack(3, pid: pid, offset: nil)
        #expect(relay.recoveries[3]?.reason == "unknownSession")
    }

    private func logOut(_ token: String) throws {
        #expect(try relay.request(.post, "/api/auth/logout", bearer: token).status == 200)
    }

    /// What a logout ends where it lives, it also ends where it was lost, with what it was sent;
    /// another login of the user keeps its own.
    @Test func aLogoutForgetsWhatWasLost() throws {
        let pid = try #require(relay.recoveries[2]).pid
        let other = relay.token("bob", validFor: .seconds(3601))
        relay.connect(3, auth: #"{"token":"\#(other)","recovery":true}"#)
        let otherPID = try #require(relay.recoveries[3]).pid
        type()
        vanish(2)
        vanish(3)
        let before = relay.server.recoveries.byteCount
        try logOut(relay.token("bob"))
        #expect(relay.server.recoveries.byteCount == before / 2)
        relay.connect(4, auth: #"{"token":"\#(other)","pid":"\#(pid)"}"#)
        #expect(relay.recoveries[4]?.reason == "unknownSession")
        relay.connect(5, auth: #"{"token":"\#(other)","pid":"\#(otherPID)"}"#)
        #expect(relay.recoveries[5]?.isRecovered == true)
    }

    /// The connection is lost, or replaced, after the logout and before it is closed.
    @Test(arguments: [false, true])
    func whatALogoutEndsIsNotLostAfterwards(isReplaced: Bool) throws {
        let pid = try #require(relay.recoveries[2]).pid
        if isReplaced { comeBack(3, pid: pid, offset: nil) }
        try logOut(relay.token("bob"))
        vanish(2)
        #expect(relay.server.recoveries.isEmpty)
        #expect(relay.refusals[3] == (isReplaced ? "Authentication failed revoked" : nil))
    }

    /// Another login went on with the session, and it is that one's since.
    @Test func aSessionIsItsLastLogins() throws {
        let pid = try #require(relay.recoveries[2]).pid
        vanish(2)
        let other = relay.token("bob", validFor: .seconds(3601))
        relay.connect(3, auth: #"{"token":"\#(other)","pid":"\#(pid)"}"#)
        vanish(3)
        try logOut(relay.token("bob"))
        #expect(!relay.server.recoveries.isEmpty)
        try logOut(other)
        #expect(relay.server.recoveries.isEmpty)
    }

    @Test(arguments: ["user.disable", "user.remove"])
    func whoIsShutOutLeavesNothing(request: String) throws {
        type()
        vanish(2)
        relay.server.receive(
            control: Array(#"{"request":"\#(request)","user":"bob"}"#.utf8), number: 1)
        relay.run()
        #expect(relay.server.recoveries.isEmpty && relay.server.recoveries.byteCount == 0)
    }

    /// The client is back before the end of its connection was noticed.
    @Test func takesItsOwnPlace() throws {
        let pid = try #require(relay.recoveries[2]).pid
        send(1)
        let position = Self.offset(relay.take(2).last)
        send(2)
        comeBack(3, pid: pid, offset: position)
        #expect(relay.closed[2] == "replaced")
        relay.disconnect(2)
        #expect(relay.recoveries[3]?.isRecovered == true)
        #expect(take(3) == ["2", "recovery:position"])
    }

    @Test func remembersSoMuch() throws {
        var limits = Relay.Limits()
        limits.recoveryEvents = 10
        limits.recoverySessions = 3
        limits.recoversByDefault = true
        let relay = try TestRelay(limits: limits)
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        let pid = try #require(relay.recoveries[2]).pid
        for _ in 0..<20 { relay.send(1, #"["typing:start",{"recipientId":"bob"}]"#) }
        let session = try #require(relay.server.peer(at: 2)?.recovery)
        #expect(session.entries.count == 10)
        #expect(relay.server.recoveries.byteCount > 10 * 96)
        relay.server.disconnect(2, mayReturn: true)
        relay.connect(3, auth: #"{"token":"\#(relay.token("bob"))","pid":"\#(pid)"}"#)
        #expect(relay.recoveries[3]?.reason == "positionForgotten")
        for socket in 10..<20 {
            relay.connect(socket, "bob")
            relay.server.disconnect(socket, mayReturn: true)
        }
        relay.connect(
            30,
            auth: #"{"token":"\#(relay.token("bob"))","pid":"\#(relay.recoveries[16]!.pid)"}"#)
        #expect(relay.recoveries[30]?.reason == "unknownSession")
        relay.connect(
            31,
            auth: #"{"token":"\#(relay.token("bob"))","pid":"\#(relay.recoveries[18]!.pid)"}"#)
        #expect(relay.recoveries[31]?.isRecovered == true)
        relay.connect(32, auth: #"{"token":"\#(relay.token("bob"))","recovery":false}"#)
        #expect(relay.recoveries[32] == nil)
    }

    private func join(_ socket: SocketNumber, _ user: String, _ room: String) {
        relay.send(socket, #"["joinRoom",{"email":"\#(user)@example.com","roomId":"\#(room)"}]"#)
    }

    /// The others were told that it left; so it comes to them anew, and its calls are over.
    @Test func namedRoomsAreJoinedAgain() throws {
        let pid = try #require(relay.recoveries[2]).pid
        for (socket, user) in [(6, "carol"), (7, "dave")] { relay.connect(socket, user) }
        for (socket, user) in [(1, "alice"), (2, "bob"), (6, "carol")] { join(socket, user, "r") }
        for socket in [1, 2, 6] { _ = relay.take(socket) }
        vanish(2)
        let left = [
            #"["callEnded",{}]"#, #"["userLeft",{"email":"bob@example.com","id":"socket-2"}]"#,
        ]
        #expect(relay.take(1) == left && relay.take(6) == left)
        relay.disconnect(6)
        join(7, "dave", "r")
        _ = (relay.take(1), relay.take(7))
        comeBack(3, pid: pid, offset: nil)
        #expect(relay.recoveries[3]?.isRecovered == true)
        let joined = [#"["newUserJoined",{"email":"bob@example.com","id":"socket-2"}]"#]
        #expect(relay.take(1) == joined && relay.take(7) == joined)
        let told = relay.take(3).suffix(5)
        #expect(
            take(of: told)
                == ["callEnded", "userLeft", "newUserJoined", "callEnded", "recovery:position"])
        #expect(told.dropFirst().first?.contains(#""id":"socket-6""#) == true)
        #expect(told.dropFirst(2).first?.contains(#""id":"socket-7""#) == true)
        relay.send(1, #"["callUser",{"to":"socket-2","offer":{"type":"offer","sdp":"x"}}]"#)
        #expect(relay.take(3).first?.contains("incomingCall") == true)
        // Once more, while the old connection seems to live; then in order, for good.
        comeBack(8, pid: pid, offset: nil)
        relay.disconnect(3)
        #expect(relay.take(1) == left + joined)
        relay.disconnect(8)
        #expect(relay.take(1) == left)
    }

    @Test func aRoomThatIsFullByNowIsSaid() throws {
        var limits = Relay.Limits()
        limits.membersPerRoom = 2
        let relay = try TestRelay(limits: limits)
        relay.connect(1, "alice")
        relay.connect(4, "carol")
        relay.connect(2, auth: #"{"token":"\#(relay.token("bob"))","recovery":true}"#)
        let pid = try #require(relay.recoveries[2]).pid
        for (socket, user) in [(1, "alice"), (2, "bob")] {
            relay.send(
                socket, #"["joinRoom",{"email":"\#(user)@example.com","roomId":"r"}]"#)
        }
        relay.server.disconnect(2, mayReturn: true)
        relay.send(4, #"["joinRoom",{"email":"carol@example.com","roomId":"r"}]"#)
        for socket in [1, 2, 4] { _ = relay.take(socket) }
        relay.connect(3, auth: #"{"token":"\#(relay.token("bob"))","pid":"\#(pid)"}"#)
        let told = relay.take(3).suffix(6)
        #expect(
            take(of: told) == [
                "newUserJoined", "callEnded", "userLeft", "userLeft", "error", "recovery:position",
            ])
        #expect(told.contains { $0.contains(#""code":"roomFull","roomId":"r""#) })
        #expect(relay.take(1) == [] && relay.take(4) == [])
        relay.send(3, #"["endCall",{"to":"socket-1"}]"#)
        #expect(relay.take(3).last?.contains("notInRoom") == true)
    }

    // MARK: What came while the client was away

    /// Bob's client is lost, and has another connection meanwhile.
    private func loseOne(besides other: SocketNumber, reliable: Bool = false) throws -> (
        pid: String, position: String
    ) {
        relay.connect(other, "bob", reliable: reliable)
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        vanish(2)
        return (pid, position)
    }

    @Test func whatAnotherConnectionGot() throws {
        let (pid, position) = try loseOne(besides: 3)
        send(1)
        type()
        relay.send(
            1, #"["call_initiate",{"receiver_id":"bob","call_type":"voice","caller_name":"A"}]"#)
        send(2)
        let events = ["1", "typing:user", "call_incoming", "2"]
        #expect(take(3) == events)
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(take(4) == events + ["recovery:position"])
        send(3)
        #expect(take(4) == ["3"] && relay.store.kept.count == 0)
    }

    @Test func whatWasKeptAndReadByALaterConnection() throws {
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        vanish(2)
        send(1)
        relay.connect(3, "bob")
        send(2)
        #expect(take(3) == ["1", "2"] && relay.store.kept.count == 0)
        relay.disconnect(3)
        send(3)
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(take(4) == ["1", "2", "recovery:position", "3"])
    }

    /// What the other has safe leaves the store; what it has not comes from there.
    @Test func whatAnotherConnectionAcknowledged() throws {
        let (pid, position) = try loseOne(besides: 3, reliable: true)
        for sequence in 1...3 {
            relay.send(
                1,
                #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":\#(sequence),"messageId":"m\#(sequence)"}]"#
            )
        }
        for id in ["m1", "m2"] {
            relay.send(3, #"["message:delivered",{"messageId":"\#(id)","senderId":"alice"}]"#)
        }
        #expect(relay.store.kept.count == 1)
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(take(4) == ["1", "2", "3", "recovery:position"])
    }

    /// It was sent to both, and one of them took it out of the store for good.
    @Test func whatWasSentAndAcknowledgedElsewhere() throws {
        relay.connect(3, "bob", reliable: true)
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":1,"messageId":"m1"}]"#
        )
        vanish(2)
        relay.send(3, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        #expect(relay.store.kept.count == 0)
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(take(4) == ["1", "recovery:position"])
    }

    /// What had not left, and another connection had, is remembered, and so is what there was no
    /// room for.
    @Test func whatHadNotLeftAndAnotherHad() throws {
        relay.connect(3, "bob")
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        for sequence in 1...2 { send(sequence) }
        let messages = try #require(relay.messages[2])
        relay.server.undelivered([messages[1]], on: 2, wereSent: false)
        relay.server.undelivered([messages[0]], on: 2)
        vanish(2)
        #expect(relay.store.kept.count == 1)
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(take(4) == ["1", "2", "recovery:position"])
        #expect(take(3) == ["1", "2"])
    }

    /// What a returning client gets again and loses again, the other connection had all along.
    @Test func whatHadNotLeftTwice() throws {
        relay.connect(3, "bob")
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        send(1)
        relay.giveBack(1, on: 2)
        for socket in 4...5 {
            comeBack(socket, pid: pid, offset: position)
            #expect(take(socket).filter { $0 != "recovery:position" } == ["1"])
            relay.giveBack(1, on: socket)
        }
        #expect(take(3) == ["1"])
        #expect(relay.store.kept.isEmpty)
    }

    /// It sent something and was lost before that was kept.
    @Test(arguments: [false, true]) func whatAnswersItsOwnEvents(isRefused: Bool) throws {
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        relay.connect(5, "carol")
        relay.disconnect(5)
        relay.receive(
            2,
            #"["send_message",{"recipientId":"carol","ciphertext":"c","iv":"i","tag":"t","seq":1}]"#
        )
        if isRefused { relay.store.failure = "diskFull" }
        vanish(2)
        relay.store.failure = nil
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        let answer = isRefused ? "message:error" : "message:sent"
        #expect(take(of: relay.take(4)) == [answer, "recovery:position"])
    }

    /// More than is remembered lies in the store; it is missing once somebody takes it from there.
    @Test(arguments: [false, true]) func whatTheStoreHas(isTaken: Bool) throws {
        var limits = Relay.Limits()
        limits.recoveryEvents = 2
        let relay = try TestRelay(limits: limits)
        let token = relay.token("bob")
        relay.connect(1, "alice")
        relay.connect(2, auth: #"{"token":"\#(token)","recovery":true}"#)
        relay.connect(3, "bob", reliable: true)
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        relay.server.disconnect(2, mayReturn: true)
        for number in 1...4 {
            relay.send(
                1,
                #"["send_message",{"recipientId":"bob","ciphertext":"c","iv":"i","tag":"t","seq":\#(number),"messageId":"m\#(number)"}]"#
            )
        }
        if isTaken {
            relay.send(3, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        }
        relay.connect(
            4, auth: #"{"token":"\#(token)","pid":"\#(pid)","offset":"\#(position)"}"#)
        #expect(relay.recoveries[4]?.reason == (isTaken ? "positionForgotten" : nil))
        #expect(relay.take(4).filter { $0.contains("seq") }.count == (isTaken ? 3 : 4))
    }

    @Test func groupsWhileAway() throws {
        let world = try GroupWorld()
        let relay = world.relay
        let token = relay.token("bob")
        relay.connect(2, auth: #"{"token":"\#(token)","recovery":true}"#)
        relay.connect(3, "bob")
        let pid = try #require(relay.recoveries[2]).pid
        let position = Self.offset(relay.take(2).last)
        relay.server.disconnect(2, mayReturn: true)
        _ = try world.send("alice", "one")
        _ = try world.ask(
            "alice", .post, "/rotate", "{\(GroupWorld.keys(2, "alice", "bob", "carol"))}")
        _ = try world.send("alice", "two", epoch: 2)
        let events = try world.take(3)
        #expect(events == ["group_message one", "group_updated", "group_message two"])
        relay.connect(
            4, auth: #"{"token":"\#(token)","pid":"\#(pid)","offset":"\#(position)"}"#)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(
            take(of: relay.take(4))
                == ["group_message", "group_updated", "group_message", "recovery:position"])
    }

    /// A room with a user ends with the connection; who is there is told all the same.
    @Test func presenceWhileAway() throws {
        relay.send(2, #"["join_room",{"recipientId":"alice"}]"#)
        let (pid, position) = try loseOne(besides: 3)
        relay.disconnect(1)
        relay.connect(1, "alice")
        comeBack(4, pid: pid, offset: position)
        #expect(relay.recoveries[4]?.isRecovered == true)
        #expect(take(4) == ["user:offline", "user:online", "recovery:position"])
    }

    @Test func moreThanIsRemembered() throws {
        var limits = Relay.Limits()
        limits.recoveryEvents = 10
        let relay = try TestRelay(limits: limits)
        relay.connect(1, "alice")
        relay.connect(3, "bob")
        let token = relay.token("bob")
        for (socket, count) in [(10, 9), (20, 20)] {
            relay.connect(socket, auth: #"{"token":"\#(token)","recovery":true}"#)
            let pid = try #require(relay.recoveries[socket]).pid
            relay.server.disconnect(socket, mayReturn: true)
            for _ in 0..<count {
                relay.send(1, #"["typing:start",{"recipientId":"bob"}]"#)
            }
            relay.connect(socket + 1, auth: #"{"token":"\#(token)","pid":"\#(pid)"}"#)
            #expect(relay.recoveries[socket + 1]?.isRecovered == (count < 10))
            #expect(
                relay.recoveries[socket + 1]?.reason == (count < 10 ? nil : "positionForgotten"))
            relay.disconnect(socket + 1)
        }
        #expect(relay.server.recoveries.isEmpty && relay.server.recoveries.byteCount == 0)
    }

    @Test func aLogoutForgetsWhatCameMeanwhile() throws {
        let other = relay.token("bob", validFor: .seconds(3601))
        relay.connect(3, auth: #"{"token":"\#(other)"}"#)
        let pid = try #require(relay.recoveries[2]).pid
        vanish(2)
        send(1)
        try logOut(relay.token("bob"))
        send(2)
        #expect(relay.server.recoveries.isEmpty && relay.server.recoveries.byteCount == 0)
        relay.connect(4, auth: #"{"token":"\#(other)","pid":"\#(pid)"}"#)
        #expect(relay.recoveries[4]?.reason == "unknownSession")
        #expect(take(4) == ["recovery:position"] && take(3) == ["1", "2"])
    }

    private func take(of events: some Sequence<String>) -> [String] {
        events.map { String($0.dropFirst(2).prefix { $0 != "\"" }) }
    }

    @Test(arguments: 0..<200 as Range<Int>) func offsets(number: Int) {
        let number = UInt64(number * 7_654_321)
        #expect(RecoveryOffset.number(RecoveryOffset.text(number)) == number)
        for arguments in ["", "1", #"{"a":[1,"x"]}"#] {
            let event = EventText(name: "e", arguments: Array(arguments.utf8))
            let back = RecoveryOffset.split(RecoveryOffset.append(number, to: event))
            #expect(back?.number == number && back?.event == event)
        }
    }
}
