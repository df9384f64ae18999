internal import Failures
internal import TLS

/// Why the files of `--tls-cert` and `--tls-key` cannot be used.
enum CertificateFailure: Failure, Equatable {
    case badChain(String, reason: String)
    case badKey(String, reason: String)
    /// The key is another certificate's.
    case mismatch(certificate: String, key: String)

    /// Nil for a failure that is not about the files.
    init?(_ error: TLSError, certificate: String, key: String) {
        switch error {
        case .unusableCertificate(let reason): self = .badChain(certificate, reason: reason)
        case .unusableKey(let reason): self = .badKey(key, reason: reason)
        case .keyMismatch: self = .mismatch(certificate: certificate, key: key)
        default: return nil
        }
    }

    var kind: FailureKind { .malformed }
    var code: String { "unusableCertificate" }

    /// The file that is to be looked at first.
    var file: String {
        switch self {
        case .badChain(let file, _), .badKey(let file, _), .mismatch(let file, _): file
        }
    }

    var message: String {
        switch self {
        case .badChain(let file, let reason):
            "there is no certificate to be used in \"\(file)\": \(reason)"
        case .badKey(let file, let reason):
            "there is no private key to be used in \"\(file)\": \(reason)"
        case .mismatch(let certificate, let key):
            "the private key in \"\(key)\" does not fit the certificate in \"\(certificate)\""
        }
    }

    var hint: String? {
        switch self {
        case .badChain: "give --tls-cert the chain in PEM, the server's own certificate first"
        case .badKey: "give --tls-key the key in PEM, without a passphrase"
        case .mismatch:
            "give the key that the certificate was made for; the server's own certificate comes first"
        }
    }
}
