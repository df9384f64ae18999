internal import CLI
internal import Clock
internal import Failures
internal import JWT
internal import Platform
internal import Sockets
internal import Storage
internal import TLS

/// Looks at everything that a relay depends on when it starts.
struct ConfigurationCheck {
    private let arguments: Arguments
    let environment: Environment
    private(set) var findings: [Finding] = []

    /// A certificate that ends before this should have been renewed.
    private static let renewalDays: Int64 = 14
    /// Characters of the key that clients of the chat and call family have.
    private static let encryptionKeyCount = 32

    init(_ arguments: Arguments, _ environment: Environment) {
        self.arguments = arguments
        self.environment = environment
    }

    mutating func run() {
        checkFamilyVariables()
        let options: RelayOptions
        do { options = try RelayOptions(arguments, environment) } catch {
            return fail("options", error)
        }
        ok("options", "the relay would listen on \(options.address)")
        checkAddress(options)
        checkSecret(options)
        checkCertificate(options)
        checkDatabase(options)
    }

    // MARK: Findings

    mutating func ok(_ subject: String, _ message: String) {
        findings.append(Finding(severity: .ok, subject: subject, code: nil, message: message))
    }

    mutating func warn(_ subject: String, _ message: String) {
        findings.append(Finding(severity: .warning, subject: subject, code: nil, message: message))
    }

    mutating func fail(_ subject: String, _ message: String) {
        findings.append(
            Finding(
                severity: .error, subject: subject, code: "badConfiguration", message: message))
    }

    mutating func fail(_ subject: String, _ error: any Error) {
        guard let error = error as? any Failure else { return fail(subject, "\(error)") }
        findings.append(
            Finding(severity: .error, subject: subject, code: error.code, message: error.message))
    }

    // MARK: The network

    private mutating func checkAddress(_ options: RelayOptions) {
        if !options.address.isLoopback, options.certificateFile == nil {
            warn("--listen", "tokens and passwords go over the network without TLS")
        }
        if options.origins.contains("*") {
            warn("--cors", "web pages of every origin may connect")
        }
        if let metrics = options.metrics, !metrics.isLoopback {
            warn("--metrics", "everybody who can connect to \(metrics) can read the metrics")
        }
    }

    // MARK: Secrets

    private mutating func checkSecret(_ options: RelayOptions) {
        if options.namesSecretFile, environment["JWT_SECRET"] != nil {
            warn("JWT_SECRET", "it is ignored, since --jwt-secret-file goes before it")
        } else if let secret = environment["JWT_SECRET"] {
            do {
                _ = try options.existingSigningKey()
                ok("JWT_SECRET", "it signs tokens, and has \(secret.utf8.count) bytes")
            } catch { fail("JWT_SECRET", error) }
            return
        }
        do {
            guard try options.existingSigningKey() != nil else {
                return ok(options.secretFile, "there is no secret yet; the relay makes one")
            }
            ok(options.secretFile, "it signs tokens")
        } catch { fail(options.secretFile, error) }
    }

    private mutating func checkCertificate(_ options: RelayOptions) {
        guard let file = options.certificateFile else { return }
        do {
            guard let validity = try options.tlsContext()?.validity else { return }
            let now = WallClock().now.seconds
            let end = Timestamp(seconds: validity.notAfter)
            if now < validity.notBefore {
                fail(
                    file,
                    "the certificate is not valid before \(Timestamp(seconds: validity.notBefore))")
            } else if now > validity.notAfter {
                fail(file, "the certificate is not valid after \(end)")
            } else if validity.notAfter - now < Self.renewalDays * 86_400 {
                warn(file, "the certificate is not valid after \(end)")
            } else {
                ok(file, "the certificate and its key belong together, until \(end)")
            }
        } catch let error as CertificateFailure {
            fail(error.file, error)
        } catch let error as FileError {
            fail(error.file, error)
        } catch { fail(file, error) }
    }

    // MARK: Files

    private mutating func checkDatabase(_ options: RelayOptions) {
        do {
            guard try Store.checkIntegrity(options.database) else {
                return ok(options.database, "there is no database yet; the relay makes one")
            }
            ok(options.database, "the database is not damaged")
        } catch { fail(options.database, error) }
        checkMode(of: options.database)
        do {
            if let count = try Store.checkKeys(options.keyFile) {
                ok(options.keyFile, "the storage layer has keys of \(counted(count, "hour"))")
            }
            let lost = try Store.unreadableCount(options.database, keyFile: options.keyFile)
            if lost > 0 { fail(options.keyFile, UnreadableMessages(count: lost)) }
        } catch { fail(options.keyFile, error) }
        if let socket = try? connectLocally(to: options.controlSocket) {
            _ = consume socket
            ok(options.controlSocket, "a relay uses the database")
        }
    }

    private mutating func checkMode(of path: String) {
        guard let mode = fileMode(of: path), mode & 0o077 != 0 else { return }
        warn(path, "others can read it (mode \(String(mode, radix: 8))): chmod 600")
    }

    // MARK: What operators of the chat and call family set

    private mutating func checkFamilyVariables() {
        if let key = environment["ENCRYPTION_KEY"] {
            if key.utf8.count == Self.encryptionKeyCount {
                warn("ENCRYPTION_KEY", "the relay ignores it: whoever has it can read the messages")
            } else {
                warn(
                    "ENCRYPTION_KEY",
                    "it has \(key.utf8.count) characters, not 32; the relay ignores it"
                )
            }
        }
        checkServer("STUN_SERVER", schemes: ["stun", "stuns"])
        checkServer("TURN_SERVER", schemes: ["turn", "turns"])
        let (user, password) = (environment["TURN_USERNAME"], environment["TURN_PASSWORD"])
        if (user == nil) != (password == nil) {
            warn(
                "TURN_USERNAME",
                "TURN_USERNAME and TURN_PASSWORD go together; the relay ignores them")
        }
        if environment["TURN_SERVER"] != nil, user == nil, password == nil {
            warn(
                "TURN_SERVER", "TURN_USERNAME and TURN_PASSWORD are not set; the relay ignores them"
            )
        }
    }

    /// `stun:host:port`, as browsers write it (RFC 7064, RFC 7065).
    private mutating func checkServer(_ name: String, schemes: [String]) {
        guard let text = environment[name] else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, schemes.contains(String(parts[0])),
            Self.isServer(parts[1].prefix { $0 != "?" })
        else {
            return warn(name, "it is not \(schemes[0]):HOST:PORT; the relay ignores it")
        }
        ok(name, "it is for clients; the relay ignores it")
    }

    private static func isServer(_ text: Substring) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
                return false
            }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return SocketAddress(host: String(host.dropFirst().dropLast()), port: 0) != nil
        }
        return !host.isEmpty
            && host.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0)
                    || (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x2e
            }
    }
}

/// Messages wait whose keys are not in the file any more.
struct UnreadableMessages: Failure, Equatable {
    let count: Int
    var kind: FailureKind { .malformed }
    var code: String { "keysGone" }
    var message: String {
        count == 1
            ? "1 message that waits cannot be read: its key is gone"
            : "\(count) messages that wait cannot be read: their keys are gone"
    }
    var hint: String? { "restore the file before a receiver comes, or the messages are dropped" }
}
