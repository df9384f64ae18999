public import Failures

/// Why a CryptoJS text is refused.
public enum CryptoJSError: Failure, Equatable {
    /// The text is not Base64 of bytes that begin with `Salted__` and a salt.
    case notSalted
    /// The passphrase is another, or the text was altered: the format cannot tell which, and what
    /// exactly was wrong is for nobody to know.
    case refused
    /// Longer than `SaltedText.maximumByteCount`.
    case tooLong
    /// OpenSSL is not there.
    case unavailable

    public var kind: FailureKind {
        switch self {
        case .notSalted, .tooLong: .malformed
        case .refused: .refused
        case .unavailable: .bug
        }
    }

    public var code: String {
        switch self {
        case .notSalted: "badCryptoJS"
        case .refused: "wrongPassphrase"
        case .tooLong: "tooLong"
        case .unavailable: "libcryptoMissing"
        }
    }

    public var message: String {
        switch self {
        case .notSalted: "this is not a CryptoJS text"
        case .refused: "the passphrase is wrong or the text was altered"
        case .tooLong: "the text is longer than \(SaltedText.maximumByteCount) bytes"
        case .unavailable: "libcrypto.so.3 cannot be loaded"
        }
    }

    public var hint: String? {
        switch self {
        case .unavailable: "install libssl3"
        default: nil
        }
    }
}
