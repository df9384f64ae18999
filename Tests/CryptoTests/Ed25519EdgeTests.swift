import Crypto
import Foundation
import Support
import Testing

/// What `Ed25519.verify` does where RFC 8032 leaves a choice (C2SP/CCTV, ed25519; BSD-3-Clause).
///
/// libsodium is strict: it refuses a public key or an R of small order, one that is not in its
/// canonical form, and an equation that holds only after multiplication by the cofactor. It accepts
/// a key or an R with a component of small order as long as the equation holds without the
/// cofactor. Whoever signs with our own keys never meets any of these.
@Suite struct Ed25519EdgeTests {
    private struct Edge: Decodable {
        var number: Int
        var key, sig: Hexadecimal
        var msg: String
        /// Null where nothing is special.
        var flags: [String]?
    }

    private static let refused: Set = [
        "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue",
    ]

    @Test func isStrict() throws {
        guard let folder = PublishedVectors.directory else {
            return PublishedVectors.absent("914 edge cases of Ed25519")
        }
        let file = try Data(contentsOf: folder.appending(path: "ed25519-edge.json"))
        let edges = try JSONDecoder().decode([Edge].self, from: file)
        #expect(edges.count == 914)
        for edge in edges {
            let verifies = Ed25519.verify(
                edge.sig.bytes, of: Array(edge.msg.utf8), publicKey: edge.key.bytes)
            let isOrdinary = Self.refused.isDisjoint(with: edge.flags ?? [])
            #expect(verifies == isOrdinary, "\(edge.number) \(edge.flags ?? [])")
        }
    }
}
