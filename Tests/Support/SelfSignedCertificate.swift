public import Foundation

/// A self-signed certificate with its key, made by the openssl program.
public struct SelfSignedCertificate: Sendable {
    /// PEM.
    public let certificate: [UInt8]
    /// PEM, without a passphrase.
    public let key: [UInt8]

    /// - Parameter names: as in subjectAltName: `DNS:relay.example,IP:127.0.0.1`.
    public init(names: String, expired: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(component: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try Self.make(in: folder, names: names, expired: expired)
        certificate = [UInt8](try Data(contentsOf: files.certificate))
        key = [UInt8](try Data(contentsOf: files.key))
    }

    /// Leaves a certificate and its key in two files of `folder`.
    public static func make(
        in folder: URL, names: String, expired: Bool = false
    ) throws -> (certificate: URL, key: URL) {
        let certificate = folder.appending(component: "certificate.pem")
        let key = folder.appending(component: "key.pem")
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", key.path, "-out", certificate.path, "-subj", "/CN=test",
            "-addext", "subjectAltName=\(names)",
        ])
        if expired {
            try openssl([
                "x509", "-in", certificate.path, "-signkey", key.path, "-days", "-1", "-out",
                certificate.path,
            ])
        }
        return (certificate, key)
    }

    private static func openssl(_ arguments: [String]) throws {
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = ["openssl"] + arguments
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
    }
}
