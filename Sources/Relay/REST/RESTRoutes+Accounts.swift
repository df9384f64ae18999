internal import HTTP

extension RESTRoute {
    /// Family B's accounts, which all families use. Each request counts against its address, and
    /// its account where it has one.
    static let accounts: [RESTRoute] = [
        counted(.post, "/api/auth/register") { relay, request throws(RESTError) in
            try relay.register(request)
        },
        counted(.post, "/api/auth/login") { relay, request throws(RESTError) in
            try relay.logIn(request)
        },
        counted(.get, "/api/auth/me") { relay, request, caller in
            relay.describe(caller, to: request)
        },
        counted(.post, "/api/auth/logout") { relay, request, caller in
            relay.logOut(caller, request)
        },
        counted(.post, "/api/auth/refresh") { relay, request throws(RESTError) in
            try relay.refresh(request)
        },
        counted(.post, "/api/auth/2fa/enable") { relay, request, caller in
            relay.proposeSecondFactor(caller, request)
        },
        counted(.post, "/api/auth/2fa/verify") { relay, request, caller throws(RESTError) in
            try relay.confirmSecondFactor(caller, request)
        },
        counted(.post, "/api/auth/2fa/disable") { relay, request, caller throws(RESTError) in
            try relay.removeSecondFactor(caller, request)
        },
    ]

    private static func counted(
        _ method: Method, _ path: String, _ action: @escaping Open
    ) -> RESTRoute {
        .open(method, path) { relay, request throws(RESTError) in
            try relay.countAuthRequest(from: request.address)
            try action(&relay, request)
        }
    }

    private static func counted(
        _ method: Method, _ path: String, _ action: @escaping Personal
    ) -> RESTRoute {
        .personal(method, path) { relay, request, caller throws(RESTError) in
            try relay.countAuthRequest(from: request.address, of: caller.user)
            try action(&relay, request, caller)
        }
    }
}
