public import HTTP

/// From which web pages requests are taken. A client that is no browser sends no `Origin`, and is
/// always taken; a page's requests to the server it came from are too.
public enum Origins: Sendable, Equatable {
    case sameOnly
    /// Also these: scheme, host and port, as a browser writes them: `https://chat.example`.
    case listed(Set<String>)
    case any

    public func allow(_ request: Request) -> Bool {
        let origins = request.fields.values("Origin")
        guard let origin = origins.first else { return true }
        guard origins.count == 1 else { return false }
        if isSame(origin, request.fields["Host"]) { return true }
        return switch self {
        case .sameOnly: false
        case .listed(let allowed): allowed.contains(origin)
        case .any: true
        }
    }

    private func isSame(_ origin: String, _ host: String?) -> Bool {
        guard let host else { return false }
        return origin == "http://" + host || origin == "https://" + host
    }

    /// The fields that let the page read the response (CORS protocol of the Fetch standard);
    /// none for a request without `Origin`, or from one that is not allowed.
    public func fields(for request: Request) -> Fields {
        guard let origin = request.fields["Origin"], allow(request) else { return Fields() }
        return [
            "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true",
            "Vary": "Origin",
        ]
    }

    /// The answer to a browser's question whether it may send a request.
    public func preflight(_ request: Request) -> Response {
        guard allow(request) else { return Response(.forbidden) }
        var fields = fields(for: request)
        fields.append("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
        fields.append("Access-Control-Allow-Headers", "Authorization, Content-Type")
        fields.append("Access-Control-Max-Age", "600")
        return Response(.noContent, fields: fields)
    }
}
