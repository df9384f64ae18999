internal import COpenSSL

/// One TLS connection without its socket: records in and out, plaintext in and out.
///
/// Whatever is called, `takeOutput` may have something to send afterwards, also when it threw:
/// the alert that tells the peer why.
public final class Session {
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private let host: String
    private var isClosed = false

    /// True once the handshake is done, and with it, in a client, the check of the certificate.
    public private(set) var isEstablished = false
    /// True once the peer said in order that nothing more comes.
    public private(set) var isEnded = false

    /// The client's side, which begins the handshake at once.
    ///
    /// - Parameter host: the name that the server's certificate must have, or the address in
    ///   digits, without brackets. Names go into the SNI extension (RFC 6066 section 3), addresses
    ///   do not.
    public convenience init(client context: Context, host: String) throws(TLSError) {
        precondition(!context.isServer)
        guard let handles = Handles(context) else { throw .outOfMemory }
        self.init(handles, host: host)
        let parameters = SSL_get0_param(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 {
            X509_VERIFY_PARAM_set_hostflags(
                parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            guard X509_VERIFY_PARAM_set1_host(parameters, host, 0) == 1,
                shim_SSL_set_tlsext_host_name(ssl, host) == 1
            else { throw .handshakeFailed(reason: "\"\(host)\" is not a host name") }
        }
        SSL_set_connect_state(ssl)
        try advance()
    }

    /// The server's side; nil where there is no memory for one more session.
    public convenience init?(server context: Context) {
        precondition(context.isServer)
        guard let handles = Handles(context) else { return nil }
        self.init(handles, host: "")
        SSL_set_accept_state(ssl)
    }

    private init(_ handles: Handles, host: String) {
        ssl = handles.ssl
        incoming = handles.incoming
        outgoing = handles.outgoing
        self.host = host
    }

    deinit { SSL_free(ssl) }

    /// The version in use, such as `TLSv1.3`.
    public var version: String { String(cString: SSL_get_version(ssl)) }

    /// Takes records that came from the peer; `read` gives what they hold.
    public func receive(_ records: UnsafeBufferPointer<UInt8>) throws(TLSError) {
        let count = BIO_write(incoming, records.baseAddress, CInt(clamping: records.count))
        guard count == records.count else { throw .outOfMemory }
        if !isEstablished { try advance() }
    }

    /// The handshake, as far as it gets with what came.
    private func advance() throws(TLSError) {
        ERR_clear_error()
        let status = SSL_do_handshake(ssl)
        if status == 1 {
            isEstablished = true
            return
        }
        switch SSL_get_error(ssl, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        default: throw handshakeError()
        }
    }

    private func handshakeError() -> TLSError {
        let verdict = SSL_get_verify_result(ssl)
        let reason = takeReason()
        guard verdict != X509_V_OK else { return .handshakeFailed(reason: reason) }
        return .untrusted(
            host: host, reason: String(cString: X509_verify_cert_error_string(verdict)))
    }

    /// Decrypts into `buffer`; 0 when more records must come first, or none will.
    public func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(TLSError) -> Int {
        guard isEstablished, !isEnded else { return 0 }
        ERR_clear_error()
        let count = SSL_read(ssl, buffer.baseAddress, CInt(clamping: buffer.count))
        if count > 0 { return Int(count) }
        switch SSL_get_error(ssl, count) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return 0
        case SSL_ERROR_ZERO_RETURN:
            isEnded = true
            return 0
        default: throw .brokenRecord(reason: takeReason())
        }
    }

    /// Encrypts.
    ///
    /// - Precondition: the session is established and `close` was not called.
    public func write(_ plaintext: UnsafeBufferPointer<UInt8>) throws(TLSError) {
        precondition(isEstablished && !isClosed)
        var rest = plaintext[...]
        while !rest.isEmpty {
            ERR_clear_error()
            let chunk = UnsafeBufferPointer(rebasing: rest)
            let count = SSL_write(ssl, chunk.baseAddress, CInt(clamping: chunk.count))
            guard count > 0 else { throw .brokenRecord(reason: takeReason()) }
            rest = rest.dropFirst(Int(count))
        }
    }

    /// Tells the peer that nothing more comes (close_notify, RFC 8446 section 6.1).
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        ERR_clear_error()
        if isEstablished { SSL_shutdown(ssl) }
        ERR_clear_error()
    }

    /// Appends the records that are to be sent to the peer.
    public func takeOutput(appendingTo records: inout [UInt8]) {
        let count = Int(shim_BIO_pending(outgoing))
        guard count > 0 else { return }
        let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Int(BIO_read(outgoing, buffer.baseAddress, CInt(clamping: count))))
        }
        records.append(contentsOf: chunk)
    }
}

/// What OpenSSL keeps for a session: all of it, or nothing where memory ran out.
private struct Handles {
    let ssl: OpaquePointer
    let incoming: OpaquePointer
    let outgoing: OpaquePointer

    init?(_ context: Context) {
        let (ssl, incoming, outgoing) = (
            SSL_new(context.pointer), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem())
        )
        guard let ssl, let incoming, let outgoing else {
            SSL_free(ssl)
            BIO_free(incoming)
            BIO_free(outgoing)
            ERR_clear_error()
            return nil
        }
        _ = shim_BIO_set_mem_eof_return(incoming, -1)
        SSL_set_bio(ssl, incoming, outgoing)  // which owns them from here on
        self.ssl = ssl
        self.incoming = incoming
        self.outgoing = outgoing
    }
}
