import Crypto
import Testing

@Suite struct OldHashTests {
    private func verify(_ password: String, _ hash: String) throws -> Bool {
        var bytes = Array(password.utf8)
        return try SecretBytes(moving: &bytes).withBytes { password throws(LibcryptMissing) in
            try Bcrypt.verify(password: password, hash: hash)
        }
    }

    /// Of Openwall's crypt_blowfish 1.3, wrapper.c, which its author placed in the public domain.
    @Test(arguments: [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
    ])
    func knowsPublishedHashes(password: String, hash: String) throws {
        #expect(try verify(password, hash))
        #expect(try !verify(password + "x", hash))
        for prefix in ["$2b$", "$2y$"] {
            #expect(try verify(password, prefix + hash.dropFirst(4)))
        }
    }

    @Test(arguments: [
        "", "$2a$05$", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe", "$1$abcd$efgh",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO\u{0}W",
        "$2a$+5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    ])
    func otherFormsAreNoHash(text: String) throws {
        #expect(!Bcrypt.isHash(text))
        #expect(try !verify("U*U", text))
    }

    /// What stands before a zero byte must not be enough.
    @Test func aPasswordIsNotCutAtAZeroByte() throws {
        let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        #expect(try !verify("U*U\u{0}anything", hash))
    }
}
