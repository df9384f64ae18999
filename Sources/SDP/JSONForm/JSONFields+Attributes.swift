internal import JSON

extension RTPMap: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            payloadType: try fields.number("payloadType"),
            encodingName: try fields.text("encodingName"),
            clockRate: try fields.number("clockRate"),
            encodingParameters: try fields.optionalText("encodingParameters"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("payloadType", payloadType)
        fields.text("encodingName", encodingName)
        fields.number("clockRate", clockRate)
        fields.text("encodingParameters", encodingParameters)
    }
}

extension FormatParameters: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(format: try fields.text("format"), try fields.parameters("parameters"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("format", format)
        fields.parameters("parameters", parameters)
    }

    var isOrderSafe: Bool { parameters.isInOrderOfNames }
}

extension RTCPFeedback: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            format: try fields.text("format"), try fields.text("feedback"),
            try fields.optionalText("parameter"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("format", format)
        fields.text("feedback", feedback)
        fields.text("parameter", parameter)
    }
}

extension RTCPPort: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            port: try fields.number("port"), networkType: try fields.optionalText("networkType"),
            addressType: try fields.optionalText("addressType"),
            address: try fields.optionalText("address"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("port", port)
        fields.text("networkType", networkType)
        fields.text("addressType", addressType)
        fields.text("address", address)
    }
}

extension HeaderExtension: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        let text = try fields.optionalText("direction")
        let direction = text.flatMap { Direction(rawValue: $0) }
        guard text == nil || direction != nil else {
            throw .badMember(path: fields.path("direction"), expected: "a direction")
        }
        self.init(
            id: try fields.number("id"), direction: direction, uri: try fields.text("uri"),
            attributes: try fields.optionalText("attributes"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("id", id)
        fields.text("direction", direction?.rawValue)
        fields.text("uri", uri)
        fields.text("attributes", attributes)
    }
}

extension SourceAttribute: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            ssrc: try fields.number("ssrc"), try fields.text("attribute"),
            try fields.optionalText("value"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("ssrc", ssrc)
        fields.text("attribute", name)
        fields.text("value", value)
    }
}

extension SourceGroup: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            try fields.text("semantics"),
            try fields.list("ssrcs") { json, path throws(SDPError) in
                try UInt32(exactly: json, path: path)
            })
    }

    func write(to fields: inout FieldWriter) {
        fields.text("semantics", semantics)
        fields.list("ssrcs", ssrcs) { $0.json.integer($1) }
    }
}

extension StreamID: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(stream: try fields.text("stream"), track: try fields.optionalText("track"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("stream", stream)
        fields.text("track", track)
    }
}

extension StreamSemantic: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(try fields.text("semantic"), try fields.texts("streams"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("semantic", semantic)
        fields.texts("streams", streams)
    }
}

extension Group: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(try fields.text("semantics"), try fields.texts("mids"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("semantics", semantics)
        fields.texts("mids", mids)
    }
}

extension RestrictionID: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        let id = try fields.text("id")
        guard let direction = StreamDirection(rawValue: try fields.text("direction")) else {
            throw .badMember(path: fields.path("direction"), expected: "send or recv")
        }
        self.init(id: id, direction, try fields.parameters("parameters"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("id", id)
        fields.text("direction", direction.rawValue)
        fields.parameters("parameters", parameters)
    }

    var isOrderSafe: Bool { parameters.isInOrderOfNames }
}

extension Simulcast: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(send: try Self.streams("send", &fields), recv: try Self.streams("recv", &fields))
    }

    private static func streams(
        _ name: String, _ fields: inout FieldReader
    ) throws(SDPError) -> [[Alternative]] {
        try fields.list(name) { json, path throws(SDPError) in
            guard let alternatives = json.array else {
                throw .badMember(path: path, expected: "an array")
            }
            var stream: [Alternative] = []
            for (index, json) in alternatives.enumerated() {
                let path = "\(path)[\(index)]"
                stream.append(
                    try FieldReader.value(of: json, path: path) { fields throws(SDPError) in
                        Alternative(
                            try fields.text("rid"), isPaused: fields.value("paused") == .bool(true))
                    })
            }
            return stream
        }
    }

    func write(to fields: inout FieldWriter) {
        for (name, streams) in [("send", send), ("recv", recv)] where !streams.isEmpty {
            fields.list(name, streams) { fields, stream in
                fields.json.beginArray()
                for alternative in stream {
                    fields.object { fields in
                        fields.text("rid", alternative.rid)
                        guard alternative.isPaused else { return }
                        fields.json.name("paused")
                        fields.json.bool(true)
                    }
                }
                fields.json.endArray()
            }
        }
    }
}

extension ImageAttribute: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            format: try fields.text("format"), send: try Self.sets("send", &fields),
            recv: try Self.sets("recv", &fields))
    }

    private static func sets(
        _ name: String, _ fields: inout FieldReader
    ) throws(SDPError) -> Sets? {
        guard let value = fields.value(name) else { return nil }
        if value.string == "*" { return .any }
        return .sets(
            try fields.list(name) { json, path throws(SDPError) in
                try Parameters(json, path: path)
            })
    }

    func write(to fields: inout FieldWriter) {
        fields.text("format", format)
        for (name, sets) in [("send", send), ("recv", recv)] {
            switch sets {
            case .any: fields.text(name, "*")
            case .sets(let sets):
                fields.list(name, sets) { fields, set in fields.parameters(nil, set) }
            case nil: break
            }
        }
    }

    var isOrderSafe: Bool {
        [send, recv].allSatisfy { sets in
            if case .sets(let sets) = sets { sets.allSatisfy(\.isInOrderOfNames) } else { true }
        }
    }
}

extension Candidate: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            foundation: try fields.text("foundation"), component: try fields.number("component"),
            transport: try fields.text("protocol"), priority: try fields.number("priority"),
            address: try fields.text("address"), port: try fields.number("port"),
            candidateType: CandidateType(rawValue: try fields.text("candidateType")),
            relatedAddress: try fields.optionalText("relatedAddress"),
            relatedPort: try fields.optionalNumber("relatedPort"),
            tcpType: try fields.optionalText("tcpType"),
            extensions: try fields.parameters("extensions"))
        fields.ignore("decodedPriority")
    }

    func write(to fields: inout FieldWriter) {
        fields.text("foundation", foundation)
        fields.number("component", component)
        fields.text("protocol", transport)
        fields.number("priority", priority)
        fields.object("decodedPriority") { fields in
            fields.number("typePreference", decodedPriority.typePreference)
            fields.number("localPreference", decodedPriority.localPreference)
            fields.number("component", decodedPriority.component)
        }
        fields.text("address", address)
        fields.number("port", port)
        fields.text("candidateType", candidateType.rawValue)
        fields.text("relatedAddress", relatedAddress)
        fields.number("relatedPort", relatedPort)
        fields.text("tcpType", tcpType)
        if !extensions.isEmpty { fields.parameters("extensions", extensions) }
    }

    var isOrderSafe: Bool { extensions.isInOrderOfNames }
}

extension RemoteCandidates: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            try fields.objects("candidates") { fields throws(SDPError) in
                Remote(
                    component: try fields.number("component"),
                    address: try fields.text("address"), port: try fields.number("port"))
            })
    }

    func write(to fields: inout FieldWriter) {
        fields.objects("candidates", candidates) { fields, candidate in
            fields.number("component", candidate.component)
            fields.text("address", candidate.address)
            fields.number("port", candidate.port)
        }
    }
}

extension Fingerprint: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(try fields.text("algorithm"), try fields.text("value"))
    }

    func write(to fields: inout FieldWriter) {
        fields.text("algorithm", algorithm)
        fields.text("value", value)
    }
}

extension CryptoAttribute: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            tag: try fields.number("tag"), suite: try fields.text("suite"),
            keys: try fields.objects("keys") { fields throws(SDPError) in
                Key(method: try fields.text("method"), info: try fields.text("info"))
            },
            sessionParameters: try fields.texts("sessionParameters"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("tag", tag)
        fields.text("suite", suite)
        fields.objects("keys", keys) { fields, key in
            fields.text("method", key.method)
            fields.text("info", key.info)
        }
        if !sessionParameters.isEmpty { fields.texts("sessionParameters", sessionParameters) }
    }
}

extension SCTPMap: JSONFields {
    init(fields: inout FieldReader) throws(SDPError) {
        self.init(
            port: try fields.number("port"), application: try fields.text("application"),
            streamCount: try fields.optionalNumber("streamCount"))
    }

    func write(to fields: inout FieldWriter) {
        fields.number("port", port)
        fields.text("application", application)
        fields.number("streamCount", streamCount)
    }
}
