import HTTPClient
import Testing

@testable import RelayClient

@Suite struct AddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:3333", "http://127.0.0.1:3333", "127.0.0.1:3333"),
        ("https://Relay.Example/", "https://relay.example", "relay.example"),
        ("wss://relay.example:443", "https://relay.example", "relay.example"),
        ("ws://[::1]:5000", "http://[::1]:5000", "[::1]:5000"),
        ("HTTP://localhost", "http://localhost", "localhost"),
    ])
    func addressesAreRead(text: String, canonical: String, hostField: String) throws {
        let address = try RelayAddress(relay: text)
        #expect(address.description == canonical)
        #expect(address.hostField == hostField)
        #expect(try RelayAddress(relay: canonical) == address)
    }

    @Test(arguments: [
        "", "relay.example", "ftp://relay.example", "http://", "http://:80", "http://a:0",
        "http://a:65536", "http://a:", "http://user@a", "http://a/path", "http://a?b", "http://a b",
        "http://[::1", "http://[a]", "http://a\r\nX: y", "http://../..",
    ])
    func otherTextsAreRefused(text: String) {
        if text == "http://../.." {
            #expect(throws: RelayError.self) { try RelayAddress(relay: text) }
        } else {
            #expect(throws: RelayError.badAddress(text)) { try RelayAddress(relay: text) }
        }
    }
}
