import Support
import Testing
import Wire

@Suite struct Base64Tests {
    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func vectorsOfTheRFC(plain: String, text: String) {
        #expect(Base64.standard.encode(Array(plain.utf8)) == text)
        #expect(Base64.standard.decode(text) == Array(plain.utf8))
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z g=", "Zm9v\n", "=", "====", "Zg==Zg==",
    ])
    func refusesOtherTexts(text: String) { #expect(Base64.standard.decode(text) == nil) }

    @Test(arguments: 0..<50)
    func roundTrip(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        let bytes = random.bytes(count)
        for form in [Base64.standard, .unpadded, .url] {
            #expect(form.decode(form.encode(bytes)) == bytes)
            var text: [UInt8] = [1]
            form.encode(bytes, to: &text)
            #expect(text.dropFirst().elementsEqual(form.encode(bytes).utf8))
        }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
}
