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
        var isTwice = false
        do throws(JSONError) {
            try scanner.members { name, value throws(JSONError) in
                let name = String(decoding: text[name], as: UTF8.self)
                isTwice = isTwice || values[name] != nil
                values[name] = value
            }
            try scanner.expectEnd()
        } catch { throw .notJSON }
        guard !isTwice else { throw .notJSON }
    }

    /// The bytes of a member that is a string.
    private func bytes(_ name: String) -> ArraySlice<UInt8>? {
        values[name].flatMap { unquoted(text[$0]) }
    }

    /// An e-mail address in lower case.
    func email() throws(RESTError) -> String {
        guard let bytes = bytes("email") else { throw .badField("email", "email is required") }
        let parts = bytes.split(separator: 0x40, omittingEmptySubsequences: false)
        guard bytes.count <= Limits.emailByteCount, parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty }),
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x5c })
        else { throw .badField("email", "email is not an e-mail address") }
        return String(decoding: lowercased(bytes), as: UTF8.self)
    }

    func name() throws(RESTError) -> String {
        guard let bytes = bytes("name") else { throw .badField("name", "name is required") }
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
        guard let bytes = bytes("password") else {
            throw .badField("password", "password is required")
        }
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
            guard values[name] != nil else { continue }
            guard let bytes = bytes(name), bytes.count <= Limits.longestCode else {
                throw .badField(name, "\(name) must be a string with the code")
            }
            let code = String(decoding: bytes, as: UTF8.self).filter { $0 != " " }
            return code.isEmpty ? nil : code
        }
        return nil
    }

    var hasPassword: Bool { values["password"] != nil }

    func refreshToken() throws(RESTError) -> ArraySlice<UInt8> {
        guard let bytes = bytes("refresh_token") ?? bytes("refreshToken") else {
            throw .badField("refresh_token", "refresh_token is required")
        }
        return bytes
    }
}
