internal import HTTP

extension RESTRoute {
    /// Every path that the relay knows. Adding one is adding a row.
    static let all: [RESTRoute] = accounts + calls

    /// Family B's accounts, which all families use.
    private static let accounts: [RESTRoute] = [
        .open(.post, "/api/auth/register") { relay, request throws(RESTError) in
            try relay.register(request)
        },
        .open(.post, "/api/auth/login") { relay, request throws(RESTError) in
            try relay.logIn(request)
        },
        .personal(.get, "/api/auth/me") { relay, request, caller in
            relay.describe(caller, to: request)
        },
        .personal(.post, "/api/auth/logout") { relay, request, caller in
            relay.logOut(caller, request)
        },
        .open(.post, "/api/auth/refresh") { relay, request throws(RESTError) in
            try relay.refresh(request)
        },
    ]
}
