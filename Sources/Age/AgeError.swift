public import Failures

/// Why an age file, a recipient or an identity is refused.
public enum AgeError: Failure, Equatable {
    /// The header is not one that an age program writes.
    case header(HeaderFault)
    /// The armor is not the one strict form of PEM.
    case armor(ArmorFault)
    /// No stanza opens for any identity; names the kinds of stanza that this module does not know.
    case noMatch(unsupported: [String])
    /// The file is sealed with a passphrase, and not with this one.
    case wrongPassphrase
    /// The file is sealed with a passphrase, and there are only keys.
    case needsPassphrase
    /// The file is sealed to keys, and there is only a passphrase.
    case needsIdentity
    /// A stanza opened, and the header's HMAC is not that of its file key.
    case forgedHeader
    case payload(PayloadFault)
    /// Line `line` of a recipients file, or an argument.
    case recipient(KeyFault, line: Int?)
    /// Line `line` of an identity file.
    case identity(KeyFault, line: Int?)
    case noRecipients
    /// A passphrase cannot be one recipient of several.
    case passphraseNotAlone
    /// The header would be larger than readers take.
    case tooManyRecipients
    /// scrypt could not get its memory.
    case outOfMemory
}

/// What is wrong with a header.
public enum HeaderFault: Equatable, Sendable {
    /// The first line is not `age-encryption.org/v1`.
    case notAge(Damage?)
    case unsupportedVersion
    case truncated
    /// Longer than `Header.maximumByteCount`.
    case tooLong
    /// The number of the line, from 1.
    case badLine(Int)
    /// A stanza of a known type whose arguments or body do not fit it.
    case badStanza(String)
    case scryptNotAlone
    /// The exponent of scrypt's N is above what the identity allows.
    case workFactor(Int, maximum: Int)

    /// What a transport did to a file that was one of age's.
    public enum Damage: Equatable, Sendable { case carriageReturns, utf16 }
}

public enum ArmorFault: Equatable, Sendable {
    case noBeginLine
    case truncated
    /// The number of the line, from 1, counted from the BEGIN line.
    case badLine(Int)
    case trailingData
}

/// What is wrong with the chunks; all of it may be an attacker's work.
public enum PayloadFault: Equatable, Sendable {
    /// The chunk of this number, from 0, is not authentic, or not the one that belongs there.
    case badChunk(UInt64)
    /// The same of a chunk that is not full, and so the last there is: the file may be cut in it.
    case badEnd(UInt64)
    case truncated
    case trailingData
}

/// Why a text is no recipient or no identity.
public enum KeyFault: Error, Equatable {
    case notAKey
    case badChecksum
    case mixedCase
    case wrongCase
    case badLength
    case lowOrder
    /// A kind of key that age has and this module does not.
    case unsupported(String)
    /// An OpenSSH key file under a passphrase.
    case encryptedKeyFile
    /// An identity file that is itself an age file.
    case encryptedIdentityFile
    case malformedKeyFile
    /// The file holds no identity at all.
    case empty
}

extension AgeError {
    public var kind: FailureKind {
        switch self {
        case .header, .armor, .recipient, .identity: .malformed
        case .noMatch, .wrongPassphrase, .needsPassphrase, .needsIdentity, .forgedHeader,
            .payload:
            .refused
        case .noRecipients, .passphraseNotAlone, .tooManyRecipients: .usage
        case .outOfMemory: .temporary
        }
    }

    public var code: String {
        switch self {
        case .header: "badHeader"
        case .armor: "badArmor"
        case .noMatch, .needsPassphrase, .needsIdentity: "wrongKey"
        case .wrongPassphrase: "wrongPassphrase"
        case .forgedHeader, .payload: "tampered"
        case .recipient(.unsupported, _), .identity(.unsupported, _): "unsupportedKey"
        case .recipient: "badRecipient"
        case .identity: "badIdentity"
        case .noRecipients, .passphraseNotAlone, .tooManyRecipients: "usage"
        case .outOfMemory: "outOfMemory"
        }
    }

    public var message: String {
        switch self {
        case .header(let fault): fault.message
        case .armor(let fault): fault.message
        case .noMatch(let unsupported):
            unsupported.isEmpty
                ? "the file is not sealed to any of these keys"
                : "the file is not sealed to any of these keys, and has recipients of unknown "
                    + "types: \(unsupported.joined(separator: ", "))"
        case .wrongPassphrase: "the passphrase is wrong"
        case .needsPassphrase: "the file is sealed with a passphrase, not to a key"
        case .needsIdentity: "the file is sealed to keys, not with a passphrase"
        case .forgedHeader: "the header was altered"
        case .payload(let fault): fault.message
        case .recipient(let fault, let line): "\(fault.message("recipient"))\(at(line))"
        case .identity(let fault, let line): "\(fault.message("identity"))\(at(line))"
        case .noRecipients: "there is no recipient"
        case .passphraseNotAlone: "a passphrase cannot be combined with other recipients"
        case .tooManyRecipients: "there are more recipients than a header may hold"
        case .outOfMemory: "there is not enough memory for scrypt"
        }
    }

    public var hint: String? {
        switch self {
        case .header(.notAge(.carriageReturns)):
            "line ends were changed on the way; send the file as binary, or armored"
        case .header(.notAge(.utf16)):
            "a shell turned the file into UTF-16; write it with -o, or armored"
        case .header(.workFactor): "open it with a program that takes a higher work factor"
        case .needsPassphrase: "give the passphrase with -p or --passphrase-file"
        case .needsIdentity: "give an identity file"
        case .identity(.unsupported, _): "use an age or OpenSSH Ed25519 key"
        case .recipient(let fault, _), .identity(let fault, _): fault.hint
        default: nil
        }
    }

    private func at(_ line: Int?) -> String { line.map { " (line \($0))" } ?? "" }
}

extension HeaderFault {
    var message: String {
        switch self {
        case .notAge: "this is not an age file"
        case .unsupportedVersion: "the file has a version of age's format that is not known"
        case .truncated: "the age header ends too early"
        case .tooLong: "the age header is longer than \(Header.maximumByteCount) bytes"
        case .badLine(let line): "the age header is malformed in line \(line)"
        case .badStanza(let type): "the age header has a malformed \(type) stanza"
        case .scryptNotAlone: "the age header has other recipients beside a passphrase"
        case .workFactor(let factor, let maximum):
            "the passphrase has work factor \(factor), which is above \(maximum)"
        }
    }
}

extension ArmorFault {
    var message: String {
        switch self {
        case .noBeginLine: "the armor has no BEGIN line"
        case .truncated: "the armor ends too early"
        case .badLine(let line): "the armor is malformed in line \(line)"
        case .trailingData: "there is something after the armor"
        }
    }
}

extension PayloadFault {
    var message: String {
        switch self {
        case .badChunk(let index): "the file was altered: chunk \(index) is not authentic"
        case .badEnd(let index):
            "the file was cut short, or altered near its end: chunk \(index) is not authentic"
        case .truncated: "the file was cut short"
        case .trailingData: "there is something after the end of the file"
        }
    }
}

extension KeyFault {
    func message(_ what: String) -> String {
        switch self {
        case .notAKey: "this is no \(what)"
        case .badChecksum: "the \(what)'s checksum is wrong"
        case .mixedCase: "the \(what) mixes upper and lower case"
        case .wrongCase: "the \(what) is in the wrong case"
        case .badLength: "the \(what) has the wrong length"
        case .lowOrder: "the \(what) is a point of low order, which keeps nothing secret"
        case .unsupported(let kind): "the \(what)'s type \(kind) is not supported"
        case .encryptedKeyFile: "the OpenSSH key file is under a passphrase"
        case .encryptedIdentityFile: "the identity file is itself sealed"
        case .malformedKeyFile: "the OpenSSH key file is malformed"
        case .empty: "there is no \(what) in the file"
        }
    }

    var hint: String? {
        switch self {
        case .badChecksum: "a character was lost or changed; copy it again"
        case .unsupported: "use an age1… or ssh-ed25519 key"
        case .encryptedKeyFile: "make a copy without one: ssh-keygen -p -N '' -f COPY"
        case .encryptedIdentityFile: "open it first: decrypt -o identity.key"
        default: nil
        }
    }
}
