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
    ///
    /// - Parameter isNew: whether it must be good enough for a new account.
    func email(isNew: Bool) throws(RESTError) -> String {
        let bytes = try bytes("email")
        let parts = bytes.split(separator: 0x40, omittingEmptySubsequences: false)
        guard bytes.count <= Limits.emailByteCount, parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty }),
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x5c })
        else { throw .badField("email", "email is not an e-mail address") }
        let email = String(decoding: lowercased(bytes), as: UTF8.self)
        guard !isNew || email.unicodeScalars.allSatisfy(\.isPlainlySeen) else {
            throw .badField("email", "email has characters that cannot be seen")
        }
        return email
    }

    func name() throws(RESTError) -> String {
        let bytes = try bytes("name")
        let name = String(decoding: bytes, as: UTF8.self)
        guard (1...Limits.nameByteCount).contains(bytes.count),
            name.unicodeScalars.contains(where: \.isPlainlySeen)
        else {
            throw .badField("name", "name must have 1 to \(Limits.nameByteCount) bytes of text")
        }
        guard name.unicodeScalars.allSatisfy(\.isFitForName) else {
            throw .badField("name", "name has characters that control or reverse text")
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

// Two names that look the same are not to be two accounts' (Unicode Technical Report 36).
extension Unicode.Scalar {
    /// Whether it shows by itself that it is there.
    fileprivate var isPlainlySeen: Bool {
        if properties.isDefaultIgnorableCodePoint { return false }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            false
        default: true
        }
    }

    /// Whether it neither controls a terminal, breaks a line, nor has the text around it run the
    /// other way. Joiners (U+200C, U+200D) are fit: Indic scripts and emoji need them.
    fileprivate var isFitForName: Bool {
        switch properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: return false
        default: break
        }
        return switch value {
        // Embeddings and overrides; isolates; zero-width spaces.
        case 0x202A...0x202E, 0x2066...0x2069, 0x200B, 0xFEFF: false
        default: true
        }
    }
}
