import Testing
import Wire

@Suite struct NetworkNameTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"), ("::2", "0:0:0:0::/64"),
        ("fe80::1%eth0", "fe80:0:0:0::/64"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("127.0.0.2", "127.0.0.2"), ("", ""),
    ])
    func addressesOfOneNetworkAreOne(address: String, network: String) {
        #expect(networkName(of: address) == network)
    }
}
