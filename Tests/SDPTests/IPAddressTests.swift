import SDP
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "unspecified"), ("127.9.0.1", "loopback"), ("169.254.1.1", "linkLocal"),
        ("10.0.0.1", "privateUse"), ("172.31.255.1", "privateUse"), ("172.32.0.1", "global"),
        ("192.168.1.1", "privateUse"), ("100.64.0.1", "shared"), ("224.2.36.42", "multicast"),
        ("192.0.2.1", "documentation"), ("8.8.8.8", "global"), ("::", "unspecified"),
        ("::1", "loopback"), ("fe80::1%eth0", "linkLocal"), ("fd00::2", "privateUse"),
        ("ff15::101", "multicast"), ("2001:db8::1", "documentation"), ("2a00::1", "global"),
        ("::ffff:10.0.0.1", "privateUse"), ("1:2:3:4:5:6:7:8", "global"), ("::2", "global"),
        ("1:2:3:4:5:6:1.2.3.4", "global"), ("1::", "global"),
    ])
    func scopes(_ text: String, _ scope: String) throws {
        #expect(try #require(IPAddress(text)).scope.rawValue == scope)
    }

    @Test(arguments: [
        "", "x.local", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", "0001.2.3.4", ":", ":::",
        "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1.2.3.4::", "::1.2.3",
        "1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7:1.2.3.4", "+1::", "1:", "::1:",
    ])
    func noAddresses(_ text: String) { #expect(IPAddress(text) == nil) }
}
