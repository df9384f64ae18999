internal import COpenSSL
public import Failures

/// Why a TLS connection cannot be made or goes no further.
public enum TLSError: Failure, Equatable {
    /// The library cannot start: its configuration is broken, or there is no memory.
    case cannotStart(reason: String)
    /// There is no memory for one more connection.
    case outOfMemory
    /// Our own certificate chain cannot be read or used.
    case unusableCertificate(reason: String)
    /// Our own private key cannot be read.
    case unusableKey(reason: String)
    /// Our own private key is not that of our certificate.
    case keyMismatch
    /// The peer's certificate does not prove that it is the host we asked for.
    case untrusted(host: String, reason: String)
    /// The handshake failed for another reason, such as no common version.
    case handshakeFailed(reason: String)
    /// A record that could not be read after the handshake: damaged or forged.
    case brokenRecord(reason: String)

    public var kind: FailureKind {
        switch self {
        case .cannotStart: .unavailable
        case .outOfMemory: .temporary
        case .unusableCertificate, .unusableKey, .keyMismatch: .malformed
        case .untrusted: .notAllowed
        case .handshakeFailed: .unavailable
        case .brokenRecord: .protocolViolation
        }
    }

    public var code: String {
        switch self {
        case .cannotStart: "tlsUnavailable"
        case .outOfMemory: "outOfMemory"
        case .unusableCertificate, .unusableKey, .keyMismatch: "unusableCertificate"
        case .untrusted: "untrustedCertificate"
        case .handshakeFailed: "tlsHandshakeFailed"
        case .brokenRecord: "tlsBrokenRecord"
        }
    }

    public var message: String {
        switch self {
        case .cannotStart(let reason): "TLS cannot be used: \(reason)"
        case .outOfMemory: "no memory for TLS"
        case .unusableCertificate(let reason): "TLS certificate: \(reason)"
        case .unusableKey(let reason): "private key of the TLS certificate: \(reason)"
        case .keyMismatch: "the private key does not fit the TLS certificate"
        case .untrusted(let host, let reason): "certificate of \"\(host)\" refused: \(reason)"
        case .handshakeFailed(let reason): "TLS handshake failed: \(reason)"
        case .brokenRecord(let reason): "TLS connection broken: \(reason)"
        }
    }

    public var hint: String? {
        guard case .untrusted = self else { return nil }
        return "set SSL_CERT_FILE to the authority that signed it, if you trust that one"
    }
}

/// Takes the reason out of OpenSSL's error queue for this thread, and empties it.
func takeReason() -> String {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard let text = ERR_reason_error_string(code) else { return "no reason given" }
    return String(cString: text)
}
