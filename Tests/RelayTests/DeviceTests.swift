import Clock
import HTTP
import JSON
import Testing

@testable import Relay

/// Bob's logins: `phone` and `laptop` are bound to devices, `web` is not.
private final class DeviceWorld {
    let relay: TestRelay
    var devices: [String: String] = [:]
    private var tokens: [String: String] = [:]

    init() throws {
        relay = try TestRelay(history: .zero)
        relay.connect(1, "alice")
        for (index, login) in ["phone", "laptop", "web"].enumerated() {
            tokens[login] = relay.token("bob", validFor: .seconds(3600 + index))
        }
        for login in ["phone", "laptop"] {
            let made = try ask(login, .post, "", #"{"name":"\#(login)"}"#)
            #expect(made.status == 201)
            devices[login] = made.body["deviceId"]?.string
        }
    }

    func ask(
        _ login: String, _ method: Method, _ path: String, _ body: String = ""
    ) throws -> (status: Int, body: JSON) {
        try relay.request(method, "/api/v1/devices\(path)", body, bearer: tokens[login])
    }

    func connect(
        _ socket: SocketNumber, _ login: String, reliable: Bool = false, recovery: Bool = false,
        more: String = ""
    ) {
        let token = tokens[login] ?? ""
        relay.connect(
            socket,
            auth: #"{"token":"\#(token)","reliable":\#(reliable),"recovery":\#(recovery)\#(more)}"#)
    }

    func send(_ sequence: Int, id: String? = nil) {
        let id = id.map { #","messageId":"\#($0)""# } ?? ""
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"Yw==","iv":"aQ==","tag":"dA==","seq":\#(sequence)\#(id)}]"#
        )
    }

    func take(_ socket: SocketNumber) throws -> [Int64] {
        try relay.take(socket).compactMap { event in
            let array = try JSON(parsing: Array(event.utf8)).array ?? []
            return array.first == "receive_message" ? array.dropFirst().first?["seq"]?.integer : nil
        }
    }

    var kept: [Int64] {
        get throws { try relay.realStore?.state(relay.wall).kept.map(\.receiver).sorted() ?? [] }
    }
}

@Suite struct DeviceTests {
    @Test func eachDeviceHasAQueueOfItsOwn() throws {
        let world = try DeviceWorld()
        world.connect(2, "phone")
        world.send(1)
        #expect(try world.take(2) == [1])
        world.connect(3, "laptop")
        #expect(try world.take(3) == [1])
        world.send(2)
        #expect(try world.take(2) == [2])
        #expect(try world.take(3) == [2])
        #expect(try world.kept == [])
        world.relay.disconnect(3)
        world.send(3)
        world.relay.disconnect(2)
        world.send(4)
        // All are away: the user's own queue has it for a login that is no device.
        #expect(try world.kept == [-2, -1, 2])
        world.connect(3, "laptop")
        #expect(try world.take(3) == [3, 4])
        world.connect(2, "phone")
        #expect(try world.take(2) == [3, 4])
        world.connect(4, "web")
        #expect(try world.take(4) == [4])
        #expect(try world.kept == [])
    }

    @Test func aRestartLosesNothing() throws {
        let world = try DeviceWorld()
        world.send(1)
        world.relay.restart()
        world.connect(3, "laptop")
        world.connect(2, "phone")
        #expect(try world.take(3) == [1])
        #expect(try world.take(2) == [1])
    }

    @Test func reliableDevicesAcknowledgeForThemselves() throws {
        let world = try DeviceWorld()
        world.connect(2, "phone", reliable: true)
        world.connect(3, "laptop", reliable: true)
        world.send(1, id: "m1")
        #expect(try world.take(2) == [1])
        #expect(try world.take(3) == [1])
        #expect(try world.kept == [-2, -1])
        world.relay.send(2, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        #expect(try world.kept == [-2])
        world.send(1, id: "m1")
        #expect(try world.take(2) == [])
        world.relay.disconnect(3)
        world.connect(3, "laptop", reliable: true)
        #expect(try world.take(3) == [1])
        world.relay.send(3, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        #expect(try world.kept == [])
    }

    @Test func keysThatAreNoTextStayAsTheyAre() throws {
        let world = try DeviceWorld()
        let path = "/\(world.devices["phone"] ?? "")/keys"
        #expect(try world.ask("phone", .put, path, #"{"keys":["\udc00"]}"#).status == 200)
        let text = try world.relay.text(
            .get, "/api/v1/devices\(path)", bearer: world.relay.token("bob"))
        #expect(text.contains(#""keys":["\udc00"]}"#))
    }

    @Test func aRemovedDeviceGetsNothingMore() throws {
        let world = try DeviceWorld()
        world.connect(2, "phone")
        world.send(1)
        world.connect(3, "laptop")
        _ = try world.take(3)
        world.relay.disconnect(3)
        world.send(2)
        let path = "/\(world.devices["laptop"] ?? "")"
        #expect(try world.ask("phone", .delete, path).status == 200)
        #expect(try world.kept == [])
        #expect(try world.ask("laptop", .get, "").status == 401)
        world.connect(3, "laptop")
        #expect(world.relay.refusals[3] == "Authentication failed revoked")
        #expect(try world.ask("phone", .delete, "/\(world.devices["phone"] ?? "")").status == 200)
        #expect(world.relay.closed[2] == "loggedOut")
        world.relay.restart()
        world.connect(3, "laptop")
        #expect(world.relay.accepted == [])
    }

    @Test func aRemovedDeviceHasNothingToComeBackTo() throws {
        let world = try DeviceWorld()
        for (socket, login) in [(2, "phone"), (3, "laptop")] {
            world.connect(socket, login, recovery: true)
            world.relay.server.disconnect(socket, mayReturn: true)
        }
        for login in ["laptop", "phone"] {
            #expect(!world.relay.server.recoveries.isEmpty)
            let path = "/\(world.devices[login] ?? "")"
            #expect(try world.ask("phone", .delete, path).status == 200)
        }
        #expect(world.relay.server.recoveries.isEmpty)
    }

    /// Another connection of the same device, or one of none beside it, takes what came.
    @Test(arguments: ["phone", "web"]) func aConnectionThatWasLost(login: String) throws {
        let world = try DeviceWorld()
        world.connect(2, login, recovery: true)
        world.connect(3, "phone")
        world.connect(4, "laptop")
        let pid = try #require(world.relay.recoveries[2]).pid
        world.relay.server.disconnect(2, mayReturn: true)
        world.send(1)
        world.send(2)
        #expect(try world.take(3) == [1, 2])
        world.connect(5, login, recovery: true, more: #","pid":"\#(pid)""#)
        #expect(world.relay.recoveries[5]?.isRecovered == true)
        #expect(try world.take(5) == [1, 2])
        #expect(try world.kept.isEmpty)
    }

    /// A login that is connected when it becomes a device gets all, each message once.
    @Test func aConnectionBecomesADevices() throws {
        let world = try DeviceWorld()
        for sequence in 1...3 { world.send(sequence) }
        world.connect(4, "web")
        #expect(try world.ask("web", .post, "", #"{"name":"tablet"}"#).status == 201)
        world.send(4)
        world.relay.disconnect(4)
        world.send(5)
        world.connect(4, "web")
        #expect(try world.take(4) == [1, 2, 3, 4, 5])
    }

    @Test func aLaterLoginCanTakeADevice() throws {
        let world = try DeviceWorld()
        let id = world.devices["phone"] ?? ""
        #expect(try world.ask("web", .post, "", #"{"deviceId":"\#(id)"}"#).status == 200)
        #expect(try world.ask("laptop", .post, "", #"{"deviceId":"\#(id)"}"#).status == 409)
        world.send(1)
        world.connect(4, "web")
        #expect(try world.take(4) == [1])
        let list = try world.ask("web", .get, "").body["devices"]?.array ?? []
        #expect(list.map { $0["current"] } == [true, false])
    }

    @Test func aFullDeviceDoesNotStopTheOthers() throws {
        let world = try DeviceWorld()
        world.relay.server = RelayServer(
            key: world.relay.key, limits: limits(keeping: 2),
            state: try #require(try world.relay.realStore?.state(world.relay.wall)),
            now: world.relay.now, wall: world.relay.wall)
        world.relay.connect(1, "alice")
        world.connect(2, "phone")
        for sequence in 1...5 { world.send(sequence) }
        #expect(try world.take(2) == [1, 2, 3, 4, 5])
        world.connect(3, "laptop")
        #expect(try world.take(3) == [1, 2])
    }

    private func limits(keeping count: Int) -> Relay.Limits {
        var limits = Relay.Limits()
        limits.keptMessagesPerUser = count
        return limits
    }

    /// Operators see and purge the queues of all devices of a user, and nobody else's.
    @Test func purgingTakesAllQueuesOfAUser() throws {
        let world = try DeviceWorld()
        let relay = world.relay
        relay.connect(5, "dave")
        relay.disconnect(5)
        world.send(1)
        relay.send(
            1,
            #"["send_message",{"recipientId":"dave","ciphertext":"Yw==","iv":"aQ==","tag":"dA==","seq":1}]"#
        )
        func ask(_ request: String) -> [String] {
            relay.replies[1] = []
            let line = #"{"request":"\#(request)","user":"bob"}"#
            relay.server.receive(control: Array(line.utf8), number: 1)
            relay.run()
            return (relay.replies[1] ?? []).dropLast()
        }
        #expect(try world.kept.count == 4)
        for request in ["queue.list", "queue.purge"] {
            let lines = ask(request)
            #expect(lines.count == 3 && lines.allSatisfy { $0.contains(#""user":"bob""#) })
            #expect(lines.count { $0.contains(#""device":"#) } == 2)
        }
        #expect(try world.kept.count == 1)
        world.connect(2, "phone")
        #expect(try world.take(2) == [])
        world.send(2)
        #expect(try world.take(2) == [2])
    }
}
