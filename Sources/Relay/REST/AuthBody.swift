internal import Crypto
internal import JSON

/// The body of a request of the authentication routes.
struct AuthBody {
    private let text: ArraySlice<UInt8>
    private var values: [String: Range<Int>] = [:]

    init(_ body: [UInt8]) throws(RESTError) {
        guard JSONScanner.isUTF8(body[...]) else { throw .notJSON }
        text = body[...]
        var scanner = JSONScanner(text)
        var nameGivenTwice: String?
        do throws(JSONError) {
            try scanner.members { name, value throws(JSONError) in
                let name = String(decoding: text[name], as: UTF8.self)
                if values[name] != nil { nameGivenTwice = name }
                values[name] = value
            }
            try scanner.expectEnd()
        } catch { throw .notJSON }
        if let name = nameGivenTwice { throw .badField(name, "\(name) is given twice") }
    }

    /// The bytes of a string, by the first of these names that is there and not null.
    private func bytes(_ names: String...) throws(RESTError) -> ArraySlice<UInt8> {
        for name in names {
            guard let value = values[name], text[value].first != 0x6e else { continue }
            guard let bytes = unquoted(text[value]) else {
                throw .badField(name, "\(name) must be a string")
            }
            return bytes
        }
        throw .missingField(names[0])
    }

    /// An e-mail address in lower case.
    func email() throws(RESTError) -> String {
        let bytes = try bytes("email")
        let parts = bytes.split(separator: 0x40, omittingEmptySubsequences: false)
        guard bytes.count <= Limits.emailByteCount, parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty }),
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x5c })
        else { throw .badField("email", "email is not an e-mail address") }
        return String(decoding: lowercased(bytes), as: UTF8.self)
    }

    func name() throws(RESTError) -> String {
        let bytes = try bytes("name")
        let name = String(decoding: bytes, as: UTF8.self)
        guard (1...Limits.nameByteCount).contains(bytes.count),
            name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }),
            name.contains(where: { !$0.isWhitespace })
        else {
            throw .badField("name", "name must have 1 to \(Limits.nameByteCount) bytes of text")
        }
        return name
    }

    /// - Parameter isNew: whether it must be long enough for a new account.
    func password(isNew: Bool) throws(RESTError) -> SharedSecret {
        let bytes = try bytes("password")
        guard bytes.count <= Limits.longestPassword else {
            throw .badField("password", "password is too long")
        }
        guard !isNew || bytes.count >= Limits.shortestPassword else {
            throw .badField(
                "password", "password must have \(Limits.shortestPassword) characters or more")
        }
        var copy = Array(bytes)
        return SharedSecret(SecretBytes(moving: &copy))
    }

    /// The code of the second factor, or a recovery code in its place; nil where there is none.
    func code() throws(RESTError) -> String? {
        for name in ["otp", "code", "recovery_code", "recoveryCode"] {
            guard let value = values[name], text[value].first != 0x6e else { continue }
            let bytes = try bytes(name)
            guard bytes.count <= Limits.longestCode else {
                throw .badField(name, "\(name) must be the code")
            }
            let code = String(decoding: bytes, as: UTF8.self).filter { $0 != " " }
            return code.isEmpty ? nil : code
        }
        return nil
    }

    var hasPassword: Bool { values["password"] != nil }

    func refreshToken() throws(RESTError) -> ArraySlice<UInt8> {
        try bytes("refresh_token", "refreshToken")
    }
}
