import Foundation
import Support
import Testing
import Wire

/// One of Wycheproof's files (C2SP/wycheproof, testvectors_v1; Apache-2.0).
struct Wycheproof: Decodable {
    struct Group: Decodable {
        var keySize: Int?
        var ivSize: Int?
        var tagSize: Int?
        var publicKey: PublicKey?
        var tests: [Case]
    }

    struct PublicKey: Decodable { var pk: String }

    struct Case: Decodable {
        enum Result: String, Decodable { case valid, invalid, acceptable }

        var tcId: Int
        var comment: String
        var result: Result
        var size: Int?
        private var key, iv, aad, msg, ct, tag, ikm, salt, info, okm, sig: Hexadecimal?
        private var `public`, `private`, shared: Hexadecimal?
    }

    var numberOfTests: Int
    var testGroups: [Group]

    /// Says so, and is empty, where the vectors are not there.
    static func groups(_ name: String, count: Int) throws -> [Group] {
        guard let folder = PublishedVectors.directory else {
            PublishedVectors.absent("\(count) cases of Wycheproof's \(name)")
            return []
        }
        let url = folder.appending(path: "wycheproof/\(name).json")
        let file = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
        #expect(file.numberOfTests == count)
        return file.testGroups
    }
}

/// Bytes that JSON has in hexadecimal.
struct Hexadecimal: Decodable {
    var bytes: [UInt8]

    init?(_ text: String) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.bytes = bytes
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        bytes = try #require(Hex.decode(text))
    }
}

extension Wycheproof.Case {
    var keyBytes: [UInt8] { key?.bytes ?? [] }
    var nonce: [UInt8] { iv?.bytes ?? [] }
    var header: [UInt8] { aad?.bytes ?? [] }
    var message: [UInt8] { msg?.bytes ?? [] }
    var ciphertext: [UInt8] { ct?.bytes ?? [] }
    var tagBytes: [UInt8] { tag?.bytes ?? [] }
    var inputKey: [UInt8] { ikm?.bytes ?? [] }
    var saltBytes: [UInt8] { salt?.bytes ?? [] }
    var infoBytes: [UInt8] { info?.bytes ?? [] }
    var output: [UInt8] { okm?.bytes ?? [] }
    var signature: [UInt8] { sig?.bytes ?? [] }
    var publicBytes: [UInt8] { `public`?.bytes ?? [] }
    var privateBytes: [UInt8] { `private`?.bytes ?? [] }
    var sharedBytes: [UInt8] { shared?.bytes ?? [] }
}
