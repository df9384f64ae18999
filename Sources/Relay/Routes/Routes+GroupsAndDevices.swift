extension Route {
    /// Family D: calls. Its groups and devices go over REST.
    static let groupsAndDevices: [Route] = [
        call(
            "call_offer", fields: [.optional("callType", .any)],
            action: { relay, event throws(EventError) in try relay.offerCall(event) },
            isNoticed: true),
        call("call_answer", action: { relay, event in relay.acceptCall(event) }),
        call("ice_candidate"),
        call("call_accept", action: { relay, event in relay.acceptCall(event) }),
        call("call_reject", action: { relay, event in relay.rejectCall(event) }),
        call(
            "call_end", fields: [.optional("duration", .any)],
            action: { relay, event in relay.endCall(event) }),
    ]

    /// All that the sender wrote goes to the peer, but for the address and `from`.
    private static func call(
        _ event: String, fields: [Field] = [], action: Action? = nil, isNoticed: Bool = false
    ) -> Route {
        Route(
            event, .groupsAndDevices, to: "to", "recipientId", fields: fields,
            peerGets: Event(event, .senderID("from"), .rest), action: action,
            isNoticed: isNoticed)
    }
}
