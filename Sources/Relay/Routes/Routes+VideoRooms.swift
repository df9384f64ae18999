extension Route {
    /// Family B: video rooms.
    static let videoRooms: [Route] = [
        Route(
            "joinRoom", .videoRooms, to: "roomId", audience: .room,
            fields: [.required("email", .text(atMost: Limits.addressByteCount))],
            peerGets: Event("newUserJoined", .senderEmail("email"), .senderSocket("id")),
            senderGets: Event("userJoined", .field("email"), .addressed("roomId")),
            action: { relay, event throws(EventError) in try relay.enterNamedRoom(event) },
            whenOffline: .ignore, audit: AuditRule(name: "join", numbers: [])),
        call("callUser", .required("offer", .object), peerGets: "incomingCall"),
        call("callAccepted", .required("answer", .object), peerGets: "callAccepted"),
        call("negotiationneed", .required("offer", .object), peerGets: "negotiationneed"),
        call("negotiationDone", .required("answer", .object), peerGets: "negotiationFinal"),
        Route(
            "muteToggle", .videoRooms, to: "to", audience: .roommate,
            fields: [.required("isMuted", .boolean)],
            peerGets: Event("remoteMuted", .field("isMuted"))),
        Route(
            "endCall", .videoRooms, to: "to", audience: .roommate, peerGets: Event("callEnded")),
    ]

    private static func call(_ event: String, _ field: Field, peerGets: String) -> Route {
        Route(
            event, .videoRooms, to: "to", audience: .roommate, fields: [field],
            peerGets: Event(peerGets, .senderSocket("from"), .field(field.name)))
    }
}
