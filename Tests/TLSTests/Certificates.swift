import Foundation
import TLS

/// A self-signed certificate with its key, made by the openssl program.
struct Certificate {
    let certificate: [UInt8]
    let key: [UInt8]

    /// - Parameter names: as in subjectAltName: `DNS:relay.example,IP:127.0.0.1`.
    init(names: String, expired: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(component: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (key, certificate) = (
            folder.appending(component: "key"), folder.appending(component: "crt")
        )
        try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", key.path, "-out", certificate.path, "-subj", "/CN=test",
            "-addext", "subjectAltName=\(names)",
        ])
        if expired {
            try Self.openssl([
                "x509", "-in", certificate.path, "-signkey", key.path, "-days", "-1", "-out",
                certificate.path,
            ])
        }
        self.key = [UInt8](try Data(contentsOf: key))
        self.certificate = [UInt8](try Data(contentsOf: certificate))
    }

    private static func openssl(_ arguments: [String]) throws {
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = ["openssl"] + arguments
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
    }

    func serverContext() throws -> Context {
        try key.withUnsafeBufferPointer {
            try Context(certificateChain: certificate, privateKey: $0)
        }
    }
}
