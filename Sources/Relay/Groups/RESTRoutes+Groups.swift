internal import HTTP

extension RESTRoute {
    /// Family D's groups.
    static let groups: [RESTRoute] = [
        .personal(.post, "/api/v1/groups") { relay, request, caller throws(RESTError) in
            try relay.makeGroup(request, caller)
        },
        .personal(.get, "/api/v1/groups") { relay, request, caller in
            relay.listGroups(request, caller)
        },
        .personal(.get, "/api/v1/groups/{id}") { relay, request, caller throws(RESTError) in
            try relay.describeGroup(request, caller)
        },
        .personal(.post, "/api/v1/groups/{id}/members") {
            relay, request, caller throws(RESTError) in try relay.addMembers(request, caller)
        },
        .personal(.delete, "/api/v1/groups/{id}/members/{userId}") {
            relay, request, caller throws(RESTError) in try relay.removeMember(request, caller)
        },
        .personal(.post, "/api/v1/groups/{id}/admins") {
            relay, request, caller throws(RESTError) in try relay.addAdmin(request, caller)
        },
        .personal(.delete, "/api/v1/groups/{id}/admins/{userId}") {
            relay, request, caller throws(RESTError) in try relay.removeAdmin(request, caller)
        },
        .personal(.post, "/api/v1/groups/{id}/rotate") {
            relay, request, caller throws(RESTError) in try relay.rotate(request, caller)
        },
        .personal(.post, "/api/v1/groups/{id}/messages") {
            relay, request, caller throws(RESTError) in try relay.sendToGroup(request, caller)
        },
        .personal(.get, "/api/v1/groups/{id}/messages") {
            relay, request, caller throws(RESTError) in try relay.readGroup(request, caller)
        },
        .personal(.post, "/api/v1/groups/{id}/messages/{messageId}/read") {
            relay, request, caller throws(RESTError) in try relay.markRead(request, caller)
        },
        .personal(.get, "/api/v1/groups/{id}/messages/{messageId}/receipts") {
            relay, request, caller throws(RESTError) in try relay.listReceipts(request, caller)
        },
        .personal(.get, "/api/v1/groups/{id}/receipts") {
            relay, request, caller throws(RESTError) in try relay.listReceipts(request, caller)
        },
    ]
}
