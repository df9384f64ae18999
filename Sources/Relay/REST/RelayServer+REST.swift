internal import Clock
internal import Crypto
public import HTTP
internal import JSON
internal import JWT

extension RelayServer {
    /// A request of the HTTP interface came. Its answer is an effect, now or later.
    public mutating func receive(
        _ request: consuming Request, number: RequestNumber, from address: String
    ) {
        let token = request.bearerToken
        let method = request.method
        let segments = request.target.segments
        var work = RESTRequest(
            number: number, body: [], query: request.target.query, parameters: [],
            address: address)
        // Moved, not copied: it may hold a password.
        swap(&work.body, &request.body)
        defer { wipe(&work.body) }
        do throws(RESTError) { try route(method, segments, token, &work) } catch {
            refuse(number, error)
        }
    }

    /// What a request is to those who read the log: its row's method and path, or `unknown`. What
    /// else a path says names a user or group, or was never meant to be one and may be a secret.
    public static func routeName(of request: borrowing Request) -> String {
        let (method, segments) = (request.method, request.target.segments)
        let row = RESTRoute.all.first {
            $0.method == method && $0.parameters(in: segments) != nil
        }
        return row.map { "\($0.method.rawValue) \($0.path)" } ?? Counters.unknown
    }

    private mutating func route(
        _ method: Method, _ segments: [String], _ token: String?, _ request: inout RESTRequest
    ) throws(RESTError) {
        var allowed: [String] = []
        for row in RESTRoute.all {
            guard let parameters = row.parameters(in: segments) else { continue }
            guard row.method == method else {
                allowed.append(row.method.rawValue)
                continue
            }
            request.parameters = parameters
            switch row.action {
            case .open(let perform): return try perform(&self, request)
            case .personal(let perform):
                let caller = try bearer(token, from: request.address)
                do throws(RESTError) { return try perform(&self, request, caller) } catch {
                    watchRefusal(error, of: request, by: caller)
                    throw error
                }
            }
        }
        throw allowed.isEmpty
            ? .unknownPath : .wrongMethod(allowed: allowed.joined(separator: ", "))
    }

    private mutating func bearer(
        _ token: String?, from address: String
    ) throws(RESTError) -> Caller {
        guard let token else { throw .notAuthorized }
        do throws(ConnectRefusal) {
            let (claims, session) = try verify(token)
            return Caller(
                user: try user(for: claims), session: session, expiresAt: claims.expiresAt)
        } catch {
            if error.isForgery { watchFailure(from: address) }
            throw .notAuthorized
        }
    }

    mutating func refuse(_ number: RequestNumber, _ error: RESTError) {
        counters.countRefusedRequest(error.code)
        emit(.refuseRequest(number, code: error.code))
        emit(.respond(number, error.response))
    }
}

extension Response {
    /// JSON that no cache may keep: all that the relay answers is for one caller.
    static func uncached(_ status: Status, _ body: JSON) -> Response {
        var response = Response.json(status, body.encoded)
        response.fields.append("Cache-Control", "no-store")
        return response
    }
}
