import CLI
import EngineIO
import Relay
import SocketIO
import Testing

@testable import signal_relay

@Suite struct LimitRowTests {
    private func row(_ name: String) throws -> LimitRow {
        try #require(LimitRow.all.first { $0.name == name })
    }

    /// What `--limits` prints for the row once `text` was set; nil where that was refused.
    private func text(_ text: String, of name: String) throws -> String? {
        var limits = RelayLimits()
        let row = try row(name)
        let before = row.text(limits)
        guard row.set(&limits, text) else {
            #expect(row.text(limits) == before, "a refused value changes nothing")
            return nil
        }
        return row.text(limits)
    }

    @Test(arguments: LimitRow.all.map(\.name)) func whatIsPrintedCanBeGivenBack(
        name: String
    ) throws {
        let row = try row(name)
        let defaults = row.text(RelayLimits())
        #expect(try text(defaults, of: name) == defaults)
        #expect(row.unit.example.isEmpty == false && row.help.last == ".")
        for bad in ["", " ", "x", "-1", "1x", "nan", "inf", "99999999999999999999", "1 "] {
            #expect(try text(bad, of: name) == nil, "\(bad)")
        }
    }

    @Test func namesAreUnique() {
        #expect(Set(LimitRow.all.map(\.name)).count == LimitRow.all.count)
    }

    @Test(arguments: [
        ("1", "1"), ("250", "250"), ("1000000000", "1000000000"), ("0", nil), ("1000000001", nil),
        ("2.5", nil), ("1e3", nil), ("64KiB", nil),
    ])
    func counts(value: String, expected: String?) throws {
        #expect(try text(value, of: "connectionsPerUser") == expected)
    }

    @Test(arguments: [
        ("0", "0"), ("512", "512"), ("64KiB", "65536"), ("2MB", "2000000"),
        ("4GiB", "4294967296"), ("4294967296", "4294967296"), ("1048576GiB", "1125899906842624"),
        ("1048577GiB", nil), ("1.5MiB", nil), ("10s", nil), ("KiB", nil),
        ("9223372036854775807GiB", nil),
    ])
    func bytes(value: String, expected: String?) throws {
        #expect(try text(value, of: "databaseBytes") == expected)
    }

    @Test func boundsOfBytesAreTheRows() throws {
        #expect(try text("0", of: "messageBytes") == nil)
        #expect(try text("1GiB", of: "messageBytes") == "1073741824")
        #expect(try text("1073741825", of: "messageBytes") == nil)
    }

    @Test(arguments: [
        ("20s", "20s"), ("20", "20s"), ("500ms", "500ms"), ("1500ms", "1500ms"), ("2m", "120s"),
        ("6h", "21600s"), ("7d", "604800s"), ("1000000000s", "1000000000s"), ("0", nil),
        ("0ms", nil), ("1000000001s", nil), ("1000000000d", nil), ("1.5s", nil), ("20w", nil),
    ])
    func times(value: String, expected: String?) throws {
        #expect(try text(value, of: "pingInterval") == expected)
    }

    @Test func aGraceMayBeNoTimeAtAll() throws {
        #expect(try text("0s", of: "refreshGrace") == "0s")
    }

    @Test(arguments: [
        ("1", "1"), ("0.5", "0.5"), ("0.001", "0.001"), ("1e3", "1000"),
        ("1000000000", "1000000000"), ("0", nil), ("0.0001", nil), ("1e10", nil), ("-0.5", nil),
    ])
    func numbers(value: String, expected: String?) throws {
        #expect(try text(value, of: "handshakesPerSecond") == expected)
    }

    @Test func assignmentsAreSetInOrder() throws {
        let limits = try RelayLimits(["pingInterval=5s", "messageBytes=1KiB", "pingInterval=7s"])
        #expect(limits.protocols.engine.pingInterval == .seconds(7))
        #expect(limits.relay.messageBytes == 1024)
        for bad in ["", "=", "pingInterval", "pingInterval=", "none=1", "pingInterval=5s=5s"] {
            #expect(throws: UsageError.self) { try RelayLimits([bad]) }
        }
    }
}
