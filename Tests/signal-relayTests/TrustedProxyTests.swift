import HTTP
import Testing

@testable import signal_relay

@Suite struct TrustedProxyTests {
    private func client(
        _ fields: Fields, from remote: String = "10.0.0.5",
        trusting proxies: [String] = ["10.0.0.0/8", "2001:db8::5", "127.0.0.1"]
    ) throws -> String {
        try TrustedProxies(proxies).client(of: fields, from: remote)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, 10.1.2.3", "192.0.2.7"), ("192.0.2.7:4711 , 10.1.2.3", "192.0.2.7"),
        ("2001:db8::9", "2001:db8::9"), ("[2001:db8::9]:80", "2001:db8::9"),
        ("::ffff:192.0.2.7", "192.0.2.7"), ("192.0.2.7,unknown", "10.0.0.5"),
        ("192.0.2.7, unknown, 10.9.9.9", "10.9.9.9"), ("", "10.0.0.5"), ("*", "10.0.0.5"),
        ("localhost", "10.0.0.5"), ("::1", "10.0.0.5"), ("192.0.2.7, 127.0.0.1", "192.0.2.7"),
        ("10.0.0.9", "10.0.0.9"),
    ])
    func theLastUntrustedEntryCounts(list: String, expected: String) throws {
        #expect(try client(["X-Forwarded-For": list]) == expected)
    }

    @Test(arguments: [
        ("for=192.0.2.7", "192.0.2.7"),
        ("For=\"[2001:db8:cafe::17]:4711\";proto=https", "2001:db8:cafe::17"),
        ("for=198.51.100.1, proto=https; for=192.0.2.7;by=10.0.0.5", "192.0.2.7"),
        ("for=192.0.2.7, for=\"a,b\"", "10.0.0.5"), ("for=_hidden", "10.0.0.5"),
        ("proto=https", "10.0.0.5"),
    ])
    func forwardedIsRead(element: String, expected: String) throws {
        #expect(try client(["Forwarded": element]) == expected)
    }

    /// Or a client could have its own address taken for the proxy's, whom no lock is for if it is on
    /// the relay's machine.
    @Test func aQuoteThatIsNotClosedHidesNothing() throws {
        #expect(try client(["X-Forwarded-For": "\", 192.0.2.7"]) == "192.0.2.7")
        #expect(try client(["Forwarded": "for=\"x, for=192.0.2.7"]) == "192.0.2.7")
        #expect(
            try client(["Forwarded": "for=\"x, for=\"[2001:db8::9]:80\""], from: "127.0.0.1")
                == "2001:db8::9")
        var fields: Fields = ["X-Forwarded-For": "\""]
        fields.append("X-Forwarded-For", "192.0.2.7")
        #expect(try client(fields) == "192.0.2.7")
    }

    @Test func severalFieldsAreOneList() throws {
        var fields: Fields = ["x-forwarded-for": "198.51.100.1", "Forwarded": "for=203.0.113.1"]
        fields.append("X-Forwarded-For", "192.0.2.7")
        #expect(try client(fields) == "192.0.2.7")
    }

    @Test func othersAreNotBelieved() throws {
        let fields: Fields = ["X-Forwarded-For": "192.0.2.7"]
        for remote in ["192.0.2.1", "11.0.0.1", "2001:db8::6", "127.0.0.2"] {
            #expect(try client(fields, from: remote) == remote)
        }
        #expect(try client(fields, trusting: []) == "10.0.0.5")
        #expect(try client(fields, from: "2001:db8::5") == "192.0.2.7")
        #expect(try client(fields, from: "::ffff:10.0.0.5") == "192.0.2.7")
        #expect(try client(fields, from: "203.0.113.1", trusting: ["0.0.0.0/0"]) == "192.0.2.7")
    }

    @Test(arguments: ["", "proxy", "*", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "/8"])
    func badNetworksAreRefused(text: String) {
        #expect(throws: RelayOptionError.badProxy(text)) { try TrustedProxies([text]) }
    }
}
