internal import Age
public import JSON
internal import Wire

extension PublicIdentity {
    /// The longest text that is looked at, in bytes.
    public static let maximumTextByteCount = 16 << 10

    /// `{"type":"identity","v":1,"name",…}`, on one line.
    public var json: JSON {
        [
            "type": "identity", "v": 1, "name": .string(name),
            "signKey": .string(Base64.standard.encode(signKey)),
            "agreeKey": .string(Base64.standard.encode(agreeKey)),
            "signature": .string(Base64.standard.encode(signature)),
            "fingerprint": .string(fingerprint.description), "age": .string(ageRecipient),
        ]
    }

    /// The same X25519 key as the age program writes it: `age1…`.
    public var ageRecipient: String { Recipient.text(x25519: agreeKey) }

    /// Reads and verifies what `json` writes.
    ///
    /// Members may come in any order, and those whose names begin with `x-` are passed over; any
    /// other unknown member is refused, for it might be one that restricts.
    public init(parsing text: [UInt8]) throws(IdentityError) {
        guard text.count <= Self.maximumTextByteCount else {
            throw .notAPublicIdentity("it is longer than \(Self.maximumTextByteCount) bytes")
        }
        let value: JSON
        do { value = try JSON(parsing: text) } catch {
            throw .notAPublicIdentity(error.message)
        }
        try self.init(json: value)
    }

    public init(json: JSON) throws(IdentityError) {
        guard let members = json.members, json["type"]?.string == "identity" else {
            throw .notAPublicIdentity("there is no \"type\": \"identity\"")
        }
        guard json["v"] == 1 else { throw .unsupportedVersion(json["v"]?.text ?? "none") }
        let known = [
            "type", "v", "name", "signKey", "agreeKey", "signature", "fingerprint", "age",
        ]
        for member in members where !known.contains(member.name) {
            guard member.name.utf8.starts(with: "x-".utf8) else {
                throw .notAPublicIdentity("unknown member \(JSON.string(member.name).text)")
            }
        }
        let name = try Self.text("name", of: json)
        do {
            try self.init(
                name: name, signKey: try Self.bytes("signKey", of: json, count: 32),
                agreeKey: try Self.bytes("agreeKey", of: json, count: 32),
                signature: try Self.bytes("signature", of: json, count: 64))
        } catch .badName(let why) {
            throw .notAPublicIdentity("the name \(why)")
        }
        guard try Self.text("fingerprint", of: json) == fingerprint.description else {
            throw .inconsistent(member: "fingerprint")
        }
        guard try Self.text("age", of: json) == ageRecipient else {
            throw .inconsistent(member: "age")
        }
    }

    private static func text(_ name: String, of json: JSON) throws(IdentityError) -> String {
        guard let text = json[name]?.string else {
            throw .notAPublicIdentity("\"\(name)\" is missing or not a string")
        }
        return text
    }

    private static func bytes(
        _ name: String, of json: JSON, count: Int
    ) throws(IdentityError) -> [UInt8] {
        guard let bytes = Base64.standard.decode(try text(name, of: json)), bytes.count == count
        else {
            throw .notAPublicIdentity("\"\(name)\" is not \(count) bytes in Base64")
        }
        return bytes
    }
}
