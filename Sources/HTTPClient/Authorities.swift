public import Failures
public import Platform
public import TLS

/// Why a client cannot speak TLS at all.
public enum AuthoritiesError: Failure, Equatable {
    /// The file of authorities to trust is not there, or holds something else.
    case notThere(path: String, reason: String)
    case noTLS(TLSError)

    public var kind: FailureKind {
        switch self {
        case .notThere: .noInput
        case .noTLS(let error): error.kind
        }
    }

    public var code: String {
        switch self {
        case .notThere: "noAuthorities"
        case .noTLS(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .notThere(let path, let reason): "no authorities to trust in \"\(path)\": \(reason)"
        case .noTLS(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .notThere: "set SSL_CERT_FILE to a file of certificates, or unset it"
        case .noTLS(let error): error.hint
        }
    }
}

/// Bytes that a file of authorities may have; all of the world's come to a quarter of a megabyte.
private let authoritiesLimit = 16 << 20

/// The TLS context of a client. A file that `SSL_CERT_FILE` names must be there: OpenSSL takes no
/// notice of one that is not, and trusts others.
public func clientContext(
    in environment: Environment = .process
) throws(AuthoritiesError) -> Context {
    if let path = environment["SSL_CERT_FILE"] { try checkAuthorities(path) }
    do throws(TLSError) { return try Context() } catch { throw .noTLS(error) }
}

private func checkAuthorities(_ path: String) throws(AuthoritiesError) {
    let certificates: [UInt8]
    do throws(FileError) {
        certificates = try InputFile(path).readAll(limit: authoritiesLimit)
    } catch { throw .notThere(path: path, reason: error.reason) }
    // An empty one, such as /dev/null, says that nobody is to be trusted.
    guard !certificates.isEmpty else { return }
    do throws(TLSError) { _ = try Context(trusting: .authorities(certificates)) } catch {
        if case .cannotStart = error { throw .noTLS(error) }
        throw .notThere(path: path, reason: "it holds no certificate")
    }
}
