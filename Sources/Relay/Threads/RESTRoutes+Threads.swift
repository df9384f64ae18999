internal import HTTP

extension RESTRoute {
    /// Family A's chat.
    static let threads: [RESTRoute] = [
        .personal(.post, "/api/v1/chat/send") { relay, request, caller throws(RESTError) in
            try relay.sendToThread(request, caller)
        },
        .personal(.get, "/api/v1/chat/messages/{thread_id}") {
            relay, request, caller throws(RESTError) in try relay.readThread(request, caller)
        },
    ]
}
