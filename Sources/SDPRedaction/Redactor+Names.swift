internal import SDP

// What stands where the name of an attribute should.
extension Redactor {
    /// The line where no value begins for certain: only a known name in front stays, and of the rest
    /// every word may tell.
    func attributeWithoutColon(_ line: Line) -> Line {
        guard let text = String(validating: line.value, as: UTF8.self) else { return whole(line) }
        let end = text.utf8.firstIndex { !$0.isTokenCharacter } ?? text.utf8.endIndex
        let name = text[..<end]
        let known = Self.isKnown(name) ? name : text.prefix(0)
        let new = known + pseudonyms.everyWord(of: String(text[known.endIndex...]))
        return new == text ? line : line.replacingContent("a=\(new)".utf8)
    }

    /// A name with a value behind it stays where it tells of no address; one without is known, or it
    /// may be a value.
    func attributeName(_ name: String, hasValue: Bool) -> String {
        if Self.isKnown(name) { return name }
        return hasValue && name.utf8.allSatisfy(\.isTokenCharacter)
            ? pseudonyms.scrubbed(name) : pseudonyms.everyWord(of: name)
    }

    static func isKnown(_ name: some StringProtocol) -> Bool { known.contains(name.lowercased()) }

    private static let known: Set<String> = Set(
        Attribute.properties.union(harmless).union([
            "ice-ufrag", "ice-pwd", "fingerprint", "candidate", "remote-candidates", "rtcp",
            "crypto", "ssrc", "ssrc-group", "msid", "msid-semantic", "tls-id", "identity",
            "key-mgmt", "cname", "label", "mslabel", "confid", "userid", "mid", "group", "rid",
            "simulcast", "tool", "fmtp", "rtpmap", "rtcp-fb", "imageattr", "extmap",
            "previous-ssrc", "information", "file-selector", "file-transfer-id", "zrtp-hash",
            "cat", "keywds", "note", "etag", "floorctrl", "floorid",
            "T38FaxVersion", "T38MaxBitRate", "T38FaxFillBitRemoval", "T38FaxTranscodingMMR",
            "T38FaxTranscodingJBIG", "T38FaxRateManagement", "T38FaxMaxBuffer",
            "T38FaxMaxDatagram", "T38FaxMaxIFP", "T38FaxUdpEC", "T38FaxUdpECDepth",
            "T38FaxUdpFECMaxSpan", "T38ModemType", "T38VendorInfo", "x-google-flag",
        ]).map { $0.lowercased() })
}

extension UInt8 {
    /// RFC 8866 section 9: `token-char`.
    var isTokenCharacter: Bool {
        switch self {
        case 0x21, 0x23...0x27, 0x2a...0x2b, 0x2d...0x2e, 0x30...0x39, 0x41...0x5a, 0x5e...0x7e:
            true
        default: false
        }
    }
}
