extension Route {
    /// Family A: calls. Its chat goes over REST.
    static let chatAndCalls: [Route] = [
        Route(
            "call_initiate", .chatAndCalls, to: "receiver_id",
            fields: [
                .required("call_type", .oneOf(["voice", "video"])),
                .optional("caller_name", .textOrNull(atMost: Limits.callerTextByteCount)),
                .optional("caller_avatar", .textOrNull(atMost: Limits.callerPictureByteCount)),
            ],
            peerGets: Event(
                "call_incoming", .senderID("caller_id"), .field("caller_name"),
                .field("caller_avatar"), .field("call_type")),
            action: { relay, event throws(EventError) in try relay.beginCall(event) },
            isNoticed: true),
        Route(
            "call_accepted", .chatAndCalls, to: "caller_id",
            peerGets: Event("call_accepted", .senderID("receiver_id")),
            action: { relay, event in relay.acceptCall(event) }),
        Route(
            "call_rejected", .chatAndCalls, to: "caller_id",
            peerGets: Event("call_rejected", .senderID("receiver_id")),
            action: { relay, event in relay.rejectCall(event) }),
        Route(
            "webrtc_offer", .chatAndCalls, to: "receiver_id",
            fields: [.required("offer", .sessionDescription)],
            peerGets: Event("webrtc_offer", .senderID("caller_id"), .field("offer"))),
        Route(
            "webrtc_answer", .chatAndCalls, to: "caller_id",
            fields: [.required("answer", .sessionDescription)],
            peerGets: Event("webrtc_answer", .senderID("receiver_id"), .field("answer")),
            action: { relay, event in relay.noteAnswer(event) }),
        Route(
            "ice_candidate", .chatAndCalls, to: "peer_id",
            fields: [.required("candidate", .any)],
            peerGets: Event("ice_candidate", .senderID("peer_id"), .field("candidate"))),
        Route(
            "call_ended", .chatAndCalls, to: "peer_id",
            fields: [.optional("duration", .seconds)],
            peerGets: Event("call_ended", .senderID("ended_by"), .fieldOr("duration", "0")),
            action: { relay, event in relay.endCall(event) }),
    ]
}
