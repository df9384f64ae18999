public import Clock
public import Crypto
public import HTTP
internal import JSON
internal import Wire

extension HookQueue.Delivery {
    /// What a hook is told: one JSON object, without the end of a line.
    public var json: [UInt8] {
        var members = [
            JSON.Member("type", "notice"), JSON.Member("id", .string(id)),
            JSON.Member("event", .string(notice.event)),
            JSON.Member("userId", notice.userID.isEmpty ? .null : .string(notice.userID)),
            JSON.Member("time", .string(notice.time.description)),
        ]
        if let rule = notice.rule { members.append(JSON.Member("rule", .string(rule))) }
        return JSON.object(members).encoded
    }

    /// The request of a webhook, signed as Standard Webhooks says (version 1.0.0): `webhook-id`,
    /// `webhook-timestamp` and `webhook-signature: v1,` with HMAC-SHA256 of `id.timestamp.body`.
    ///
    /// - Parameter secret: without it there is no signature.
    public func request(to target: HTTP.Target, secret: SharedSecret?, at now: Timestamp) -> Request
    {
        var request = Request(.post, target, body: json)
        request.fields.append("Content-Type", "application/json")
        request.fields.append("Connection", "close")
        request.fields.append("User-Agent", "parley-signal-relay")
        request.fields.append("webhook-id", id)
        request.fields.append("webhook-timestamp", String(now.seconds))
        guard let secret else { return request }
        let signed = Array("\(id).\(now.seconds).".utf8) + request.body
        let tag = HMACSHA256.authenticate(signed, key: secret.bytes)
        request.fields.append("webhook-signature", "v1," + Base64.standard.encode(tag))
        return request
    }
}

extension HookQueue.Outcome {
    /// What a webhook's answer means. Redirects are not followed: who set the URL can set another.
    public init(_ response: Response) {
        switch response.status.rawValue {
        case 200..<300: self = .told
        case 410: self = .refused
        case 429, 503:
            let seconds = response.fields["Retry-After"].flatMap { Int($0) } ?? 0
            self = .busy(.seconds(min(max(seconds, 0), 86_400)))
        default: self = .failed
        }
    }
}
