public import Failures
public import Identities

/// Why a message cannot be sealed, or an envelope is not opened.
public enum EnvelopeError: Failure, Equatable {
    // The text.
    case notAnEnvelope(String)
    case tooLong
    case missingMember(String)
    case unknownMember(String)
    case repeatedMember(String)
    case badMember(String)
    case unsupportedVersion
    case unsupportedMode(String)

    // The seal.
    case tampered
    case badSignature
    /// None of the keys at hand is one of its recipients'.
    case wrongKey
    case wrongPassphrase
    /// It is sealed by a passphrase and there is none, or the other way round.
    case needsPassphrase
    case needsKey
    /// Signed by somebody else than was asked for.
    case wrongSender(Fingerprint)
    /// Not signed, and a sender was asked for.
    case unsigned
    case costlyDerivation
    case outOfMemory

    // The time.
    case replayed
    case expired
    case notYetValid

    // Sealing.
    case noRecipients
    case tooManyRecipients
    case weakKey(name: String)
    case messageTooLong

    public var kind: FailureKind {
        switch self {
        case .notAnEnvelope, .tooLong, .missingMember, .unknownMember, .repeatedMember, .badMember,
            .unsupportedVersion, .unsupportedMode, .messageTooLong, .weakKey, .costlyDerivation:
            .malformed
        case .tampered, .badSignature, .wrongKey, .wrongPassphrase, .needsPassphrase, .needsKey,
            .wrongSender, .unsigned, .replayed, .expired, .notYetValid:
            .refused
        case .noRecipients, .tooManyRecipients: .usage
        case .outOfMemory: .temporary
        }
    }

    public var code: String {
        switch self {
        case .notAnEnvelope: "notAnEnvelope"
        case .tooLong, .messageTooLong: "tooLong"
        case .missingMember, .unknownMember, .repeatedMember, .badMember: "badEnvelope"
        case .unsupportedVersion: "unsupportedVersion"
        case .unsupportedMode: "unsupportedMode"
        case .tampered: "tampered"
        case .badSignature: "badSignature"
        case .wrongKey: "wrongKey"
        case .wrongPassphrase: "wrongPassphrase"
        case .needsPassphrase: "needsPassphrase"
        case .needsKey: "needsKey"
        case .wrongSender: "wrongSender"
        case .unsigned: "unsigned"
        case .costlyDerivation: "costlyDerivation"
        case .outOfMemory: "outOfMemory"
        case .replayed: "replayed"
        case .expired: "expired"
        case .notYetValid: "notYetValid"
        case .noRecipients: "noRecipients"
        case .tooManyRecipients: "tooManyRecipients"
        case .weakKey: "weakKey"
        }
    }
}

extension EnvelopeError {
    public var message: String {
        switch self {
        case .notAnEnvelope(let why): "not an envelope: \(why)"
        case .tooLong: "the envelope is longer than \(Envelope.maximumTextByteCount) bytes"
        case .missingMember(let name): "the envelope has no \"\(name)\""
        case .unknownMember(let name): "the envelope has an unknown member \"\(name)\""
        case .repeatedMember(let name): "the envelope has two members named \"\(name)\""
        case .badMember(let name): "the envelope's \"\(name)\" is not what it should be"
        case .unsupportedVersion: "this version of envelopes is not known here"
        case .unsupportedMode(let mode): "envelopes of mode \"\(mode)\" are not known here"
        case .tampered: "the message was altered"
        case .badSignature: "the message was altered, or its signature is forged"
        case .wrongKey: "the message is sealed for other keys than these"
        case .wrongPassphrase: "the passphrase is wrong, or the message was altered"
        case .needsPassphrase: "the message is sealed with a passphrase"
        case .needsKey: "the message is sealed for keys, not with a passphrase"
        case .wrongSender(let sender): "the message is from somebody else (\(sender))"
        case .unsigned: "the message is not signed"
        case .costlyDerivation: "the message asks for too much memory or time to open it"
        case .outOfMemory: "there is not enough memory for the key derivation"
        case .replayed: "the message was opened before"
        case .expired: "the message is too old to tell whether it was opened before"
        case .notYetValid: "the message is dated in the future"
        case .noRecipients: "there is nobody to seal for"
        case .tooManyRecipients:
            "more than \(Envelope.maximumRecipientCount) recipients of one message"
        case .weakKey(let name): "the key of \"\(name)\" is not a key"
        case .messageTooLong:
            "the message is longer than \(Envelope.maximumMessageByteCount) bytes"
        }
    }

    public var hint: String? {
        switch self {
        case .unsupportedVersion, .unsupportedMode: "get a newer parley"
        case .needsPassphrase: "give -p or --passphrase-file"
        case .needsKey: "give the key with -i"
        case .wrongKey: "give the recipient's key with -i"
        case .replayed, .expired: "with --stateless it is opened nevertheless"
        case .notYetValid: "set the clock"
        case .wrongSender: "give the sender's public identity with -r, or no -r"
        case .unsigned: "ask the sender to sign with -i, or give no -r"
        case .messageTooLong: "use --format age, which takes any size"
        default: nil
        }
    }
}
