internal import COpenSSL

/// When a certificate is good, in seconds since 1970.
public struct CertificateValidity: Equatable, Sendable {
    public let notBefore: Int64
    public let notAfter: Int64
}

extension Context {
    /// When the context's own certificate is good; nil for a context of a client.
    public var validity: CertificateValidity? {
        guard let certificate = SSL_CTX_get0_certificate(pointer),
            let notBefore = Self.seconds(X509_get0_notBefore(certificate)),
            let notAfter = Self.seconds(X509_get0_notAfter(certificate))
        else { return nil }
        return CertificateValidity(notBefore: notBefore, notAfter: notAfter)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let origin = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(origin) }
        var (days, seconds): (CInt, CInt) = (0, 0)
        guard ASN1_TIME_diff(&days, &seconds, origin, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
