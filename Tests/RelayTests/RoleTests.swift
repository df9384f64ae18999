import HTTP
import JSON
import Testing

@testable import Relay

/// Who asks: everybody that a row of the relay's tables may meet.
enum Role: String, CaseIterable {
    /// Without a token.
    case nobody
    /// With the token of a login that was ended.
    case revoked
    /// A user who has nothing to do with what is asked for.
    case other
    case member
    /// Who made it.
    case admin
    /// A member until a moment ago.
    case removed
}

/// A row of the REST interface, a request to it, and the status that each role gets.
private struct RESTCells {
    let row: String
    let body: String
    let statuses: [Int]

    /// - Parameter statuses: in the order of the roles.
    init(_ row: String, _ body: String = "", _ statuses: Int...) {
        self.row = row
        self.body = body
        self.statuses = statuses
    }
}

private let newKeys = GroupWorld.keys(3, "alice", "bob")
private let keysWithDave = GroupWorld.keys(3, "alice", "bob", "dave")

/// Every row, in the order of roles: nobody, revoked, other, member, admin, removed.
private let cells = [
    RESTCells(
        "POST /api/auth/register",
        #"{"name":"New","email":"new@example.com","password":"password"}"#, 201, 201, 201, 201,
        201, 201),
    RESTCells(
        "POST /api/auth/login", #"{"email":"known@example.com","password":"password"}"#, 200, 200,
        200, 200, 200, 200),
    RESTCells("GET /api/auth/me", "", 401, 401, 200, 200, 200, 200),
    RESTCells("POST /api/auth/logout", "", 401, 401, 200, 200, 200, 200),
    RESTCells(
        "POST /api/auth/refresh", #"{"refresh_token":"unknown"}"#, 401, 401, 401, 401, 401, 401),
    RESTCells("POST /api/auth/2fa/enable", "", 401, 401, 200, 200, 200, 200),
    // Nobody of them has a second factor.
    RESTCells(
        "POST /api/auth/2fa/verify", #"{"otp":"000000"}"#, 401, 401, 409, 409, 409, 409),
    RESTCells(
        "POST /api/auth/2fa/disable", #"{"otp":"000000"}"#, 401, 401, 409, 409, 409, 409),
    RESTCells("GET /api/v1/calls", "", 401, 401, 200, 200, 200, 200),
    // The thread is of the member and the admin.
    RESTCells(
        "POST /api/v1/chat/send", #"{"thread_id":"bob_alice","content":"U2Fs"}"#, 401, 401, 404,
        201, 201, 404),
    RESTCells("GET /api/v1/chat/messages/bob_alice", "", 401, 401, 404, 200, 200, 404),
    RESTCells("POST /api/v1/groups", #"{"name":"x","members":[]}"#, 401, 401, 201, 201, 201, 201),
    RESTCells("GET /api/v1/groups", "", 401, 401, 200, 200, 200, 200),
    RESTCells("GET /api/v1/groups/{group}", "", 401, 401, 404, 200, 200, 404),
    RESTCells(
        "POST /api/v1/groups/{group}/members", #"{"userId":"dave",\#(keysWithDave)}"#, 401, 401,
        404, 403, 201, 404),
    RESTCells(
        "DELETE /api/v1/groups/{group}/members/bob", #"{\#(GroupWorld.keys(3, "alice"))}"#, 401,
        401, 404, 200, 200, 404),
    RESTCells(
        "POST /api/v1/groups/{group}/admins", #"{"userId":"bob"}"#, 401, 401, 404, 403, 201, 404),
    RESTCells(
        "DELETE /api/v1/groups/{group}/admins/bob", "", 401, 401, 404, 403, 200, 404),
    RESTCells(
        "POST /api/v1/groups/{group}/rotate", "{\(newKeys)}", 401, 401, 404, 403, 200, 404),
    RESTCells(
        "POST /api/v1/groups/{group}/messages", #"{"epoch":2,"ciphertext":"Yw=="}"#, 401, 401,
        404, 201, 201, 404),
    RESTCells("GET /api/v1/groups/{group}/messages", "", 401, 401, 404, 200, 200, 404),
    RESTCells(
        "POST /api/v1/groups/{group}/messages/{message}/read", "", 401, 401, 404, 200, 200, 404),
    RESTCells(
        "GET /api/v1/groups/{group}/messages/{message}/receipts", "", 401, 401, 404, 200, 200,
        404),
    RESTCells("GET /api/v1/groups/{group}/receipts", "", 401, 401, 404, 200, 200, 404),
    RESTCells("POST /api/v1/devices", #"{"name":"phone"}"#, 401, 401, 201, 201, 201, 201),
    RESTCells("GET /api/v1/devices", "", 401, 401, 200, 200, 200, 200),
    // The device is the member's own: no admin may touch it.
    RESTCells("DELETE /api/v1/devices/{device}", "", 401, 401, 404, 200, 404, 404),
    RESTCells(
        "PUT /api/v1/devices/{device}/keys", #"{"keys":"c2VhbGVk"}"#, 401, 401, 404, 200, 404, 404
    ),
    RESTCells("GET /api/v1/devices/{device}/keys", "", 401, 401, 404, 200, 404, 404),
]

/// An event that clients send, and what becomes of it: the event that its peer gets, `-` for none,
/// or the code of the sender's error after an exclamation mark.
private struct EventCells {
    let row: String
    let payload: String
    /// From somebody who shares no room with the peer, and from one who does.
    let other: String
    let member: String

    init(_ row: String, _ payload: String, _ outcome: String, inRoom member: String? = nil) {
        self.row = row
        self.payload = payload
        other = outcome
        self.member = member ?? outcome
    }
}

private let sdp = #"{"type":"offer","sdp":"v=0"}"#
private let chunk =
    #""messageId":"f1","chunkNumber":0,"totalChunks":1,"encryptedData":"Yw==","iv":"aQ==","tag":"dA==","hash":"x","fileName":"f","fileSize":1,"mimeType":"m""#

/// In each payload, the peer is bob, and his connection is socket-2.
private let eventCells = [
    EventCells("join_room", #"{"recipientId":"bob"}"#, "room:user-ready"),
    EventCells("leave_room", #"{"recipientId":"bob"}"#, "-"),
    EventCells(
        "send_message",
        #"{"recipientId":"bob","ciphertext":"Yw==","iv":"aQ==","tag":"dA==","seq":1}"#,
        "receive_message"),
    EventCells("send_file_chunk", #"{"recipientId":"bob",\#(chunk)}"#, "receive_file_chunk"),
    EventCells("request_file", #"{"senderId":"bob","messageId":"f1"}"#, "file:requested"),
    EventCells(
        "key-exchange:send", #"{"recipientId":"bob","publicKey":"cA==","signature":"cw=="}"#,
        "key-exchange:receive"),
    EventCells("typing:start", #"{"recipientId":"bob"}"#, "typing:user"),
    EventCells("typing:stop", #"{"recipientId":"bob"}"#, "typing:user"),
    EventCells(
        "message:delivered", #"{"senderId":"bob","messageId":"m1"}"#,
        "message:delivery-confirmed"),
    EventCells(
        "message:read", #"{"senderId":"bob","messageId":"m1"}"#, "message:read-confirmed"),
    EventCells("message:left", #"{"senderId":"bob","messageId":"m1"}"#, "-"),
    EventCells("notify", #"{"recipientId":"bob"}"#, "-"),
    EventCells(
        "call_initiate", #"{"receiver_id":"bob","call_type":"video"}"#, "call_incoming"),
    EventCells("call_accepted", #"{"caller_id":"bob"}"#, "call_accepted"),
    EventCells("call_rejected", #"{"caller_id":"bob"}"#, "call_rejected"),
    EventCells("webrtc_offer", #"{"receiver_id":"bob","offer":\#(sdp)}"#, "webrtc_offer"),
    EventCells("webrtc_answer", #"{"caller_id":"bob","answer":\#(sdp)}"#, "webrtc_answer"),
    EventCells("ice_candidate", #"{"peer_id":"bob","candidate":"c"}"#, "ice_candidate"),
    EventCells("ice_candidate", #"{"to":"bob","candidate":"c"}"#, "ice_candidate"),
    EventCells("call_ended", #"{"peer_id":"bob","duration":1}"#, "call_ended"),
    EventCells("call_offer", #"{"to":"bob","offer":\#(sdp)}"#, "call_offer"),
    EventCells("call_answer", #"{"to":"bob","answer":\#(sdp)}"#, "call_answer"),
    EventCells("call_accept", #"{"to":"bob"}"#, "call_accept"),
    EventCells("call_reject", #"{"to":"bob"}"#, "call_reject"),
    EventCells("call_end", #"{"to":"bob"}"#, "call_end"),
    EventCells(
        "joinRoom", #"{"roomId":"room","email":"alice@example.com"}"#, "newUserJoined"),
    EventCells(
        "joinRoom", #"{"roomId":"room","email":"bob@example.com"}"#, "!wrongEmail"),
    EventCells(
        "callUser", #"{"to":"socket-2","offer":\#(sdp)}"#, "!notInRoom", inRoom: "incomingCall"),
    EventCells(
        "callAccepted", #"{"to":"socket-2","answer":\#(sdp)}"#, "!notInRoom",
        inRoom: "callAccepted"),
    EventCells(
        "negotiationneed", #"{"to":"socket-2","offer":\#(sdp)}"#, "!notInRoom",
        inRoom: "negotiationneed"),
    EventCells(
        "negotiationDone", #"{"to":"socket-2","answer":\#(sdp)}"#, "!notInRoom",
        inRoom: "negotiationFinal"),
    EventCells(
        "muteToggle", #"{"to":"socket-2","isMuted":true}"#, "!notInRoom", inRoom: "remoteMuted"),
    EventCells("endCall", #"{"to":"socket-2"}"#, "!notInRoom", inRoom: "callEnded"),
]

/// A group whose admin is alice and whose member is bob, which carol was removed from and dave
/// was never in; a message in it, and a device of bob's.
private struct RoleWorld {
    let world: GroupWorld
    let message: String
    let device: String
    private let revoked: String

    var relay: TestRelay { world.relay }

    init() throws {
        world = try GroupWorld(history: .seconds(86_400))
        let removed = try world.ask(
            "alice", .delete, "/members/carol", "{\(GroupWorld.keys(2, "alice", "bob"))}")
        #expect(removed.status == 200)
        message = try world.send("alice", "text", epoch: 2).id
        let other = world.relay.token("bob", validFor: .seconds(7200))
        device =
            try world.relay.request(
                .post, "/api/v1/devices", #"{"name":"phone"}"#, bearer: other
            ).body["deviceId"]?.string ?? "?"
        revoked = world.relay.token("alice", validFor: .seconds(7200))
        _ = try world.relay.request(.post, "/api/auth/logout", bearer: revoked)
        _ = try world.relay.request(
            .post, "/api/auth/register",
            #"{"name":"Known","email":"known@example.com","password":"password"}"#)
    }

    func token(_ role: Role) -> String? {
        switch role {
        case .nobody: nil
        case .revoked: revoked
        case .other: relay.token("dave")
        case .member: relay.token("bob")
        case .admin: relay.token("alice")
        case .removed: relay.token("carol")
        }
    }

    func filled(_ path: String) -> String {
        [("{group}", world.group), ("{message}", message), ("{device}", device)].reduce(path) {
            $0.replacing($1.0, with: $1.1)
        }
    }
}

@Suite struct RoleTests {
    @Test(arguments: Role.allCases)
    func everyRoleGetsFromEachRouteWhatItMay(role: Role) throws {
        let index = try #require(Role.allCases.firstIndex(of: role))
        for cell in cells {
            let world = try RoleWorld()
            let parts = world.filled(cell.row).split(separator: " ").map(String.init)
            let method = Method(rawValue: parts[0])
            let (status, _) = try world.relay.request(
                method, parts[1], cell.body, bearer: world.token(role))
            #expect(status == cell.statuses[index], "\(role): \(cell.row)")
        }
    }

    /// A path whose parts fit a row of the relay's table.
    private func matches(_ cell: RESTCells, _ route: RESTRoute) -> Bool {
        let parts = cell.row.split(separator: " ")
        let path = parts[1].split(separator: "/").map(String.init)
        return route.method.rawValue == parts[0] && route.parameters(in: path) != nil
    }

    @Test func noRouteIsLeftOut() {
        for route in RESTRoute.all {
            let name = route.segments.map { $0 ?? "{}" }.joined(separator: "/")
            #expect(
                cells.contains { matches($0, route) },
                "\(route.method.rawValue) /\(name) has no row in the table of roles")
        }
    }

    @Test func noEventIsLeftOut() {
        for route in Route.all {
            #expect(
                eventCells.contains { cell in
                    cell.row == route.event
                        && route.addresses.contains { cell.payload.contains("\"\($0)\":") }
                },
                "\(route.event) to \(route.address) has no row in the table of roles")
        }
    }

    @Test(arguments: eventCells.indices)
    func everyRoleGetsItsEventsWhereItMay(index: Int) throws {
        let cell = eventCells[index]
        for role in Role.allCases {
            let outcome = try outcome(of: cell, from: role)
            switch role {
            case .nobody, .revoked: #expect(outcome == "-", "\(role): \(cell.row)")
            case .other, .removed: #expect(outcome == cell.other, "\(role): \(cell.row)")
            case .member, .admin: #expect(outcome == cell.member, "\(role): \(cell.row)")
            }
        }
    }

    /// What comes of an event that alice sends in a role.
    private func outcome(of cell: EventCells, from role: Role) throws -> String {
        let relay = try TestRelay(history: .zero)
        relay.connect(2, "bob")
        let join = #"["joinRoom",{"roomId":"room","email":"%@example.com"}]"#
        relay.send(2, join.replacing("%", with: "bob"))
        if role != .nobody { relay.connect(1, "alice") }
        if role == .member || role == .admin || role == .removed {
            relay.send(1, join.replacing("%", with: "alice"))
        }
        if role == .removed {
            relay.disconnect(1)
            relay.connect(1, "alice")
        }
        if role == .revoked {
            _ = try relay.request(.post, "/api/auth/logout", bearer: relay.token("alice"))
            #expect(relay.closed[1] == "loggedOut")
            relay.disconnect(1)
            relay.connect(1, "alice")
            #expect(relay.refusals[1] == "Authentication failed revoked")
        }
        _ = (relay.take(1), relay.take(2))
        relay.send(1, #"["\#(cell.row)",\#(cell.payload)]"#)
        for event in relay.take(1) {
            let array = try JSON(parsing: Array(event.utf8)).array ?? []
            if let code = array.last?["code"]?.string { return "!" + code }
        }
        let got = try relay.take(2).first.map { try JSON(parsing: Array($0.utf8)).array ?? [] }
        return got?.first?.string ?? "-"
    }
}
