internal import COpenSSL

/// What the sessions of one side share: whom to trust, or which certificate to show.
public final class Context {
    let pointer: OpaquePointer
    let isServer: Bool

    /// Whose signature on a peer's certificate counts.
    public enum Trust: Sendable {
        /// The system's authorities, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
        case system
        /// Certificates in PEM.
        case authorities([UInt8])
    }

    private init(_ method: OpaquePointer, isServer: Bool) throws(TLSError) {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(method) else {
            throw .cannotStart(reason: takeReason())
        }
        self.pointer = pointer
        self.isServer = isServer
        _ = shim_SSL_CTX_set_min_proto_version(pointer, TLS1_2_VERSION)
        SSL_CTX_set_options(pointer, shim_SSL_OPTIONS)
        _ = shim_SSL_CTX_set_mode(pointer, shim_SSL_MODES)
    }

    deinit { SSL_CTX_free(pointer) }

    /// For clients. Sessions verify the server's chain and name, and TLS 1.2 is the least version.
    public convenience init(trusting trust: Trust = .system) throws(TLSError) {
        try self.init(TLS_client_method(), isServer: false)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        switch trust {
        case .system: SSL_CTX_set_default_verify_paths(pointer)
        case .authorities(let pem):
            let store = SSL_CTX_get_cert_store(pointer)
            for certificate in try certificates(pem) {
                X509_STORE_add_cert(store, certificate)
                X509_free(certificate)
            }
        }
    }

    /// For servers.
    ///
    /// - Parameters:
    ///   - certificateChain: PEM, the server's own certificate first.
    ///   - privateKey: PEM, without a passphrase.
    public convenience init(
        certificateChain: [UInt8], privateKey: UnsafeBufferPointer<UInt8>
    ) throws(TLSError) {
        try self.init(TLS_server_method(), isServer: true)
        let chain = try certificates(certificateChain)
        defer { X509_free(chain[0]) }
        guard SSL_CTX_use_certificate(pointer, chain[0]) == 1 else {
            throw .unusableCertificate(reason: takeReason())
        }
        // The context takes these over.
        for certificate in chain.dropFirst() {
            _ = shim_SSL_CTX_add0_chain_cert(pointer, certificate)
        }
        try usePrivateKey(privateKey)
    }

    private func usePrivateKey(_ pem: UnsafeBufferPointer<UInt8>) throws(TLSError) {
        ERR_clear_error()
        let source = BIO_new_mem_buf(pem.baseAddress, CInt(clamping: pem.count))
        defer { BIO_free(source) }
        // Without the callback OpenSSL would ask for a passphrase on the terminal.
        let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
        guard let key else { throw .unusableKey(reason: takeReason()) }
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(pointer, key) == 1, SSL_CTX_check_private_key(pointer) == 1
        else {
            ERR_clear_error()
            throw .keyMismatch
        }
    }
}

/// The certificates of a PEM text, at least one; the caller frees them.
private func certificates(_ pem: [UInt8]) throws(TLSError) -> [OpaquePointer] {
    ERR_clear_error()
    let certificates: [OpaquePointer] = pem.withUnsafeBufferPointer { bytes in
        let source = BIO_new_mem_buf(bytes.baseAddress, CInt(clamping: bytes.count))
        defer { BIO_free(source) }
        var found: [OpaquePointer] = []
        while let certificate = PEM_read_bio_X509(source, nil, nil, nil) {
            found.append(certificate)
        }
        return found
    }
    guard !certificates.isEmpty else { throw .unusableCertificate(reason: takeReason()) }
    ERR_clear_error()
    return certificates
}
