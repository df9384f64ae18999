internal import HTTP

extension RESTRoute {
    /// Family A's call log.
    static let calls: [RESTRoute] = [
        .personal(.get, "/api/v1/calls") { relay, request, caller throws(RESTError) in
            try relay.listCalls(request, caller)
        }
    ]
}
