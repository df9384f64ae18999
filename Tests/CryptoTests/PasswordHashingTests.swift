import Crypto
import Testing
import Wire

@Suite struct PasswordHashingTests {
    struct ScryptCase {
        var password, salt: String
        var n: UInt64
        var r, p: UInt32
        var output: String
    }

    /// RFC 7914 section 12; its fourth case needs 1 GiB and is left out.
    @Test(arguments: [
        ScryptCase(
            password: "", salt: "", n: 16, r: 1, p: 1,
            output: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
        ScryptCase(
            password: "password", salt: "NaCl", n: 1024, r: 8, p: 16,
            output: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
        ScryptCase(
            password: "pleaseletmein", salt: "SodiumChloride", n: 16384, r: 8, p: 1,
            output: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
    ])
    func scrypt(vector: ScryptCase) throws {
        let output = try Array(vector.password.utf8).withUnsafeBufferPointer { password in
            var output: [UInt8] = []
            try Scrypt.derive(
                password: password, salt: Array(vector.salt.utf8), n: vector.n, r: vector.r,
                p: vector.p, count: 64
            ).withBytes { output = Array($0) }
            return output
        }
        #expect(Hex.encode(output) == vector.output)
    }

    struct ArgonCase {
        var password, salt: String
        var passes, memoryKiB, count: Int
        var output: String
    }

    /// Made with the reference implementation (argon2-cffi 25.1.0): RFC 9106 has only cases of four
    /// lanes, and libsodium does one.
    @Test(arguments: [
        ArgonCase(
            password: "password", salt: "30313233343536373839616263646566",
            passes: 1, memoryKiB: 8, count: 32,
            output: "771338d819573c67116b39e1788ae8e04b0eb0cf9dfbbfe2e6d746cf3e464fc7"),
        ArgonCase(
            password: "", salt: "00000000000000000000000000000000",
            passes: 3, memoryKiB: 64, count: 16, output: "cad6d57ebb68558f052c23c146a80af7"),
        ArgonCase(
            password: "correct horse battery staple", salt: "000102030405060708090a0b0c0d0e0f",
            passes: 2, memoryKiB: 19456, count: 32,
            output: "818259b6310026a8e0dbac5d2e6927abcfdb07b32258fac4f61b18b80f929085"),
        ArgonCase(
            password: String(repeating: "p", count: 64), salt: "736f6d6573616c74736f6d6573616c74",
            passes: 4, memoryKiB: 1024, count: 64,
            output: "ff1c38a8202c45139dddc298e944881c86e926216120482bad21d7be81aa87d6"
                + "af40c7dd9f301539b7c2b255255a8743038670d926a0ac78a22c9a5ff47dcd5e"),
    ])
    func argon2id(vector: ArgonCase) throws {
        let salt = try #require(Hex.decode(vector.salt))
        let output = try Array(vector.password.utf8).withUnsafeBufferPointer { password in
            var output: [UInt8] = []
            try Argon2id(passes: vector.passes, memoryKiB: vector.memoryKiB)
                .derive(password: password, salt: salt, count: vector.count)
                .withBytes { output = Array($0) }
            return output
        }
        #expect(Hex.encode(output) == vector.output)
    }
}
