extension Route {
    /// Family E: peer to peer first.
    static let privateByDefault: [Route] = [
        Route(
            "notify", .privateByDefault, to: "recipientId",
            senderGets: Event("notify:sent", .addressed("recipientId")),
            action: { relay, event throws(EventError) in try relay.notify(event) },
            whenOffline: .ignore)
    ]
}
