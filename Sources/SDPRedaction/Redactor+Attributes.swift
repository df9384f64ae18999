internal import SDP

extension Redactor {
    func attribute(_ line: Line) -> Line {
        guard let attribute = line.attribute else { return attributeThatIsNoText(line) }
        // A colon is missing, or stands in an address: none knows where the value begins.
        guard let value = attribute.value, attribute.name.utf8.allSatisfy(\.isTokenCharacter) else {
            return attributeWithoutColon(line)
        }
        let name = attributeName(attribute.name, hasValue: true)
        let new = redactedValue(attribute.name, value, line)
        return new == value && name == attribute.name
            ? line : line.replacingContent("a=\(name):\(new)".utf8)
    }

    /// The value of an attribute, by what the attribute is.
    private func redactedValue(_ name: String, _ value: String, _ line: Line) -> String {
        switch name {
        case "ice-ufrag": pseudonyms.secret(.ufrag, value)
        case "ice-pwd": pseudonyms.secret(.password, value)
        case "fingerprint": fingerprint(value)
        case "candidate": changed(line, value, candidate)
        case "remote-candidates": changed(line, value, remoteCandidates)
        case "rtcp": changed(line, value, rtcp)
        case "crypto": changed(line, value, crypto)
        case "ssrc": changed(line, value, source)
        case "ssrc-group": changed(line, value, sourceGroup)
        case "msid", "msid-semantic": identifiers(name, value)
        case "tls-id", "identity", "key-mgmt", "cname", "label", "mslabel", "confid", "userid":
            pseudonyms.word(.identifier, value)
        case "mid": pseudonyms.token(value)
        case "group": group(value)
        case "rid": restriction(value)
        case "simulcast": simulcast(value)
        case "tool": pseudonyms.name(.text, value.utf8, prefix: "tool")
        case "fmtp": formatParameters(value)
        // Nothing in these is anybody's.
        case "rtpmap": changed(line, value, encoding)
        case "rtcp-fb": pseudonyms.scrubbed(unchanged(line, value, as: RTCPFeedback.self))
        case "imageattr": pseudonyms.scrubbed(unchanged(line, value, as: ImageAttribute.self))
        case "source-filter": sourceFilter(value)
        case "extmap": changed(line, value, headerExtension)
        case _ where Self.isHarmless(name): pseudonyms.scrubbed(value)
        default: pseudonyms.everyWord(of: value)
        }
    }

    /// Whether an attribute is known to tell of nobody but by addresses, links and names of hosts.
    /// Of others nothing is known, and every word may tell.
    private static func isHarmless(_ name: String) -> Bool {
        harmless.contains(name) || name.hasPrefix("T38") || name.hasPrefix("x-google-")
    }

    static let harmless: Set<String> = [
        "accept-types", "accept-wrapped-types", "bundle-only", "charset", "cliprect", "conf",
        "connection", "content", "control", "curr", "des", "extmap-allow-mixed", "framerate",
        "framesize", "ice-lite", "ice-options", "ice-pacing", "lang", "max-message-size",
        "max-size", "maxprate", "maxptime", "mediaclk", "msrp-cema", "orient", "path", "ptime",
        "quality", "range", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "rtcp-xr", "sctp-port",
        "sctpmap", "sdplang", "setup", "silenceSupp", "source-filter", "ts-refclk", "type",
    ]

    private func attributeThatIsNoText(_ line: Line) -> Line {
        guard let name = line.attributeName, let value = line.attributeValue,
            let text = String(validating: name, as: UTF8.self)
        else { return whole(line) }
        return line.replacingContent(
            "a=\(attributeName(text, hasValue: true)):\(redacted(value))".utf8)
    }

    /// The value with other fields; nothing of it stays where they are not what they should be.
    private func changed<Value: LineValue>(
        _ line: Line, _ value: String, _ change: (inout Value) -> Void
    ) -> String {
        guard var fields = try? line.value(as: Value.self) else {
            return pseudonyms.everyWord(of: value)
        }
        let old = fields
        change(&fields)
        return fields == old ? value : fields.text
    }

    /// The value, where its fields are what they should be.
    private func unchanged<Value: LineValue>(
        _ line: Line, _ value: String, as type: Value.Type
    ) -> String {
        (try? line.value(as: type)) == nil ? pseudonyms.everyWord(of: value) : value
    }

    /// The hash function's name stays; of the hash its length, its colons and its case.
    private func fingerprint(_ value: String) -> String {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return pseudonyms.everyWord(of: value) }
        let algorithm = pseudonyms.known(String(parts[0]), Self.hashFunctions)
        let isUpper = !parts[1].utf8.contains { (0x61...0x66).contains($0) }
        var draw = pseudonyms.draw(.fingerprint, parts[1].uppercased().utf8)
        let hash = parts[1].utf8.filter { $0 < 0x80 }.map {
            $0.isLetterOrDigit
                ? draw.character(of: isUpper ? .upperHexadecimal : .lowerHexadecimal) : $0
        }
        return "\(algorithm) \(String(decoding: hash, as: UTF8.self))"
    }

    private static let hashFunctions: Set<String> = [
        "md2", "md5", "sha-1", "sha-224", "sha-256", "sha-384", "sha-512", "sha1", "sha224",
        "sha256", "sha384", "sha512",
    ]

    private func candidate(_ candidate: inout Candidate) {
        // Browsers make it of the address, which a try of all addresses would find.
        if candidate.foundation.utf8.count > 3 {
            candidate.foundation = pseudonyms.word(.foundation, candidate.foundation)
        }
        candidate.transport = pseudonyms.known(candidate.transport, ["udp", "tcp"])
        candidate.candidateType = CandidateType(
            rawValue: pseudonyms.known(
                candidate.candidateType.rawValue, ["host", "srflx", "prflx", "relay"]))
        candidate.tcpType = candidate.tcpType
            .map { pseudonyms.known($0, ["active", "passive", "so"]) }
        candidate.address = pseudonyms.address(candidate.address)
        candidate.relatedAddress = candidate.relatedAddress.map { pseudonyms.address($0) }
        for index in candidate.extensions.all.indices {
            candidateExtension(&candidate.extensions.all[index])
        }
    }

    /// Where a word is missing, what should be a value stands as a name.
    private func candidateExtension(_ parameter: inout Parameters.Parameter) {
        let name = parameter.name
        parameter.name = pseudonyms.known(name, Self.candidateExtensions)
        parameter.value = parameter.value.map { value in
            switch name {
            case "generation", "network-id", "network-cost": pseudonyms.number(value)
            case "ufrag": pseudonyms.secret(.ufrag, value)
            default: pseudonyms.server(value)
            }
        }
    }

    private static let candidateExtensions: Set<String> = [
        "generation", "ufrag", "network-id", "network-cost", "url", "relay-protocol", "raddr",
        "rport", "tcptype",
    ]

    /// `incl IN IP4 <destination> <source>` (RFC 4570).
    private func sourceFilter(_ value: String) -> String {
        pseudonyms.pieces(of: value, separators: [0x20]) { word in
            pseudonyms.known(String(word), ["incl", "excl", "in", "ip4", "ip6", "*"])
        }
    }

    private func remoteCandidates(_ remote: inout RemoteCandidates) {
        for index in remote.candidates.indices {
            remote.candidates[index].address = pseudonyms.address(remote.candidates[index].address)
        }
    }

    private func rtcp(_ rtcp: inout RTCPPort) {
        rtcp.networkType = rtcp.networkType.map { pseudonyms.networkType($0) }
        rtcp.addressType = rtcp.addressType.map { pseudonyms.addressType($0) }
        rtcp.address = rtcp.address.map { pseudonyms.address($0) }
    }

    /// The URIs that all use stay; others may name a host or a company.
    private func headerExtension(_ map: inout HeaderExtension) {
        map.uri = extensionURI(map.uri)
        map.attributes = map.attributes.map { text in
            text.split(separator: " ", omittingEmptySubsequences: false)
                .map { word in
                    isKnownExtension(word)
                        ? String(word) : pseudonyms.everyWord(of: String(word))
                }
                .joined(separator: " ")
        }
    }

    private func extensionURI(_ uri: String) -> String {
        if isKnownExtension(uri) { return uri }
        return uri.contains("://") ? pseudonyms.link(uri) : pseudonyms.everyWord(of: uri)
    }

    private func isKnownExtension(_ uri: some StringProtocol) -> Bool {
        guard let prefix = Self.extensionPrefixes.first(where: { uri.hasPrefix($0) }) else {
            return false
        }
        let rest = String(uri.dropFirst(prefix.count))
        return pseudonyms.scrubbed(rest) == rest
    }

    private static let extensionPrefixes = [
        "urn:ietf:", "urn:3gpp:", "http://www.webrtc.org/",
        "http://www.ietf.org/id/", "http://www.ietf.org/internet-drafts/",
        "http://tools.ietf.org/html/", "https://tools.ietf.org/html/",
        "https://datatracker.ietf.org/doc/", "https://aomediacodec.github.io/",
    ]

    /// An encoding name can have dots, as `vnd.onvif.metadata`.
    private func encoding(_ map: inout RTPMap) {
        let isVendors = ["vnd.", "prs.", "x."].contains { map.encodingName.hasPrefix($0) }
        if !isVendors || !map.encodingName.utf8.allSatisfy(\.isTokenCharacter) {
            map.encodingName = pseudonyms.scrubbed(map.encodingName)
        }
        map.encodingParameters = map.encodingParameters.map { pseudonyms.number($0) }
    }

    private func crypto(_ crypto: inout CryptoAttribute) {
        // RFC 4568 section 9.1 has lower case, too; no suite of the registry has.
        let isSuite = crypto.suite.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || $0 == 0x5f
        }
        if !isSuite { crypto.suite = pseudonyms.everyWord(of: crypto.suite) }
        crypto.keys = crypto.keys.map(key)
        crypto.sessionParameters = crypto.sessionParameters.map(sessionParameter)
    }

    /// The life time and the master key identifier stay where they are numbers.
    private func key(_ key: CryptoAttribute.Key) -> CryptoAttribute.Key {
        let rest = [key.lifetime, key.masterKeyIdentifier].compactMap(\.self).map { part in
            part.utf8.allSatisfy { (0x30...0x3a).contains($0) || $0 == 0x5e }
                ? part : pseudonyms.secret(.key, part)
        }
        let info = ([pseudonyms.base64(key.keyAndSalt)] + rest).joined(separator: "|")
        return CryptoAttribute.Key(method: pseudonyms.known(key.method, ["inline"]), info: info)
    }

    /// `FEC_KEY` has keys of its own; of what RFC 4568 section 6.3 does not name the name stays.
    private func sessionParameter(_ text: String) -> String {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard parts.count == 2 else {
            return Self.srtpFlags.contains(name) ? text : pseudonyms.everyWord(of: text)
        }
        switch name {
        case "FEC_KEY":
            guard let keys = CryptoAttribute.keys(in: parts[1]) else { break }
            return "\(name)=\(CryptoAttribute.text(of: keys.map(key)))"
        case "FEC_ORDER" where parts[1] == "FEC_SRTP" || parts[1] == "SRTP_FEC": return text
        case "KDR", "WSH":
            if parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return text }
        default: break
        }
        return "\(name)=\(pseudonyms.everyWord(of: String(parts[1])))"
    }

    private static let srtpFlags: Set<String> = [
        "UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP",
    ]

    private func source(_ source: inout SourceAttribute) {
        source.ssrc = pseudonyms.source(source.ssrc)
        let name = source.name
        // A value in front of another passes for a name.
        source.name = attributeName(name, hasValue: false)
        switch name {
        case "fmtp": source.value = source.value.map { formatParameters($0) }
        case "msid": source.value = source.value.map { identifiers("msid", $0) }
        default: source.value = source.value.map { pseudonyms.word(.identifier, $0) }
        }
    }

    private func sourceGroup(_ group: inout SourceGroup) {
        group.semantics = pseudonyms.groupSemantics(group.semantics)
        group.ssrcs = group.ssrcs.map { pseudonyms.source($0) }
    }

    /// `BUNDLE <mid> <mid>` (RFC 5888): the names of media have one pseudonym wherever they stand.
    private func group(_ value: String) -> String {
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        let mids = words.dropFirst().map { pseudonyms.token($0) }
        return (words.prefix(1).map { pseudonyms.groupSemantics(String($0)) } + mids).joined(
            separator: " ")
    }

    /// `<rid> send pt=…;depend=<rid>,<rid>` (RFC 8851).
    private func restriction(_ value: String) -> String {
        var words = value.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        words[0] = pseudonyms.token(words[0])
        for index in words.indices.dropFirst() {
            words[index] =
                index == 1
                ? pseudonyms.known(words[1], ["send", "recv"])
                : words[index].split(separator: ";", omittingEmptySubsequences: false)
                    .map { restrictionParameter($0) }.joined(separator: ";")
        }
        return words.joined(separator: " ")
    }

    /// Numbers stay: `max-width=1280`, `pt=97,98`, `max-bpp=0.5`.
    private func restrictionParameter(_ parameter: Substring) -> String {
        if parameter.hasPrefix("depend=") { return dependencies(parameter) }
        guard let equals = parameter.firstIndex(of: "=") else {
            return pseudonyms.known(String(parameter), Self.restrictions)
        }
        let name = pseudonyms.known(String(parameter[..<equals]), Self.restrictions)
        let value = String(parameter[parameter.index(after: equals)...])
        let isNumeric = value.utf8.allSatisfy {
            (0x30...0x39).contains($0) || [0x2c, 0x2e].contains($0)
        }
        return "\(name)="
            + (isNumeric ? pseudonyms.scrubbed(value) : pseudonyms.everyWord(of: value))
    }

    private static let restrictions: Set<String> = [
        "pt", "max-width", "max-height", "max-fps", "max-fs", "max-br", "max-pps", "max-bpp",
        "depend",
    ]

    private func dependencies(_ parameter: Substring) -> String {
        let rids = parameter.dropFirst("depend=".count)
            .split(separator: ",", omittingEmptySubsequences: false)
        return "depend=" + rids.map { pseudonyms.token($0) }.joined(separator: ",")
    }

    /// `send a;~b,c recv d` (RFC 8853), and `rid=` of its drafts.
    private func simulcast(_ value: String) -> String {
        pseudonyms.pieces(of: value, separators: Set(" ;,~=".utf8)) { word in
            ["send", "recv", "rid"].contains(word) ? String(word) : pseudonyms.token(word)
        }
    }

    /// Those whose names begin with `x-` are known to their makers alone.
    private func formatParameters(_ value: String) -> String {
        pseudonyms.pieces(of: pseudonyms.scrubbed(value), separators: Set(" ;".utf8)) { piece in
            guard piece.lowercased().hasPrefix("x-"), !piece.hasPrefix("x-google-"),
                let equals = piece.firstIndex(of: "=")
            else { return String(piece) }
            return piece[...equals]
                + pseudonyms.everyWord(of: String(piece[piece.index(after: equals)...]))
        }
    }

    /// Streams and tracks, each of which has one pseudonym wherever it stands.
    private func identifiers(_ name: String, _ value: String) -> String {
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        let first = name == "msid-semantic" ? words.firstIndex { !$0.isEmpty } : nil
        return words.enumerated().map { index, word in
            if index == first { return pseudonyms.known(String(word), ["wms", "*"]) }
            return word == "*" || word == "-" ? String(word) : pseudonyms.word(.identifier, word)
        }.joined(separator: " ")
    }
}
