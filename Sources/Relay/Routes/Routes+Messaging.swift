extension Route {
    /// Family C: the zero-knowledge relay.
    static let messaging: [Route] = [
        Route(
            "join_room", .messaging, to: "recipientId",
            peerGets: Event(
                "room:user-ready", .senderID("userId"), .senderName("username"),
                .roomName("roomName")),
            senderGets: Event(
                "room:joined", .roomName("roomName"), .addressed("recipientId"),
                .constant("success", "true")),
            action: { relay, event throws(EventError) in try relay.joinRoom(event) },
            whenOffline: .ignore, audit: AuditRule(name: "join", numbers: []),
            errorEvent: "room:error"),
        Route(
            "leave_room", .messaging, to: "recipientId",
            senderGets: Event(
                "room:left", .roomName("roomName"), .constant("success", "true")),
            action: { relay, event in relay.leaveRoom(event) }, whenOffline: .ignore,
            audit: AuditRule(name: "leave", numbers: []), errorEvent: "room:error"),
        Route(
            "send_message", .messaging, to: "recipientId",
            fields: [
                .required("ciphertext", .string), .required("iv", .string),
                .required("tag", .string), .required("seq", .integer),
                .optional("signature", .string),
                .optional("messageType", .oneOf(["text", "file"])),
                .optional("messageId", .messageID),
            ],
            peerGets: Event(
                "receive_message", .senderID("senderId"), .senderName("senderUsername"),
                .messageID("messageId"), .fieldOr("messageType", "\"text\""),
                .timestamp("timestamp"), .rest),
            senderGets: Event(
                "message:sent", .addressed("recipientId"), .field("seq"),
                .constant("success", "true"), .timestamp("timestamp"), .messageID("messageId")),
            whenOffline: .keep, isNoticed: true,
            audit: AuditRule(name: "message", numbers: ["seq"]), errorEvent: "message:error"),
        Route(
            "send_file_chunk", .messaging, to: "recipientId",
            fields: [
                .required("messageId", .messageID),
                .required("chunkNumber", .count(0...Limits.largestInteger)),
                .required("totalChunks", .count(1...Limits.largestInteger)),
                .required("encryptedData", .string),
                .required("iv", .text(atMost: Limits.digestByteCount)),
                .required("tag", .text(atMost: Limits.digestByteCount)),
                .required("hash", .text(atMost: Limits.digestByteCount)),
                .required("fileName", .text(atMost: Limits.fileNameByteCount)),
                .required("fileSize", .count(0...Limits.largestInteger)),
                .required("mimeType", .text(atMost: Limits.mimeTypeByteCount)),
            ],
            peerGets: Event(
                "receive_file_chunk", .senderID("senderId"), .senderName("senderUsername"),
                .messageID("messageId"), .field("chunkNumber"), .field("totalChunks"),
                .field("encryptedData"), .field("iv"), .field("tag"), .field("hash"),
                .field("fileName"), .field("fileSize"), .field("mimeType"),
                .timestamp("timestamp"), .rest),
            senderGets: Event(
                "file:chunk-sent", .messageID("messageId"), .field("chunkNumber"),
                .field("totalChunks")),
            whenComplete: "file:upload-complete", whenOffline: .keep, isNoticed: true,
            audit: AuditRule(name: "chunk", numbers: ["chunkNumber", "fileSize"]),
            errorEvent: "file:error"),
        Route(
            "request_file", .messaging, to: "senderId",
            fields: [.required("messageId", .messageID)],
            peerGets: Event(
                "file:requested", .senderID("requesterId"), .senderName("requesterUsername"),
                .messageID("messageId")),
            senderGets: Event(
                "file:request-sent", .addressed("senderId"), .messageID("messageId")),
            audit: AuditRule(name: "fileRequest", numbers: []), errorEvent: "file:error"),
        Route(
            "key-exchange:send", .messaging, to: "recipientId",
            fields: [.required("publicKey", .string), .required("signature", .string)],
            peerGets: Event(
                "key-exchange:receive", .senderID("senderId"), .senderName("senderUsername"),
                .field("publicKey"), .field("signature")),
            senderGets: Event("key-exchange:sent", .addressed("recipientId")),
            audit: AuditRule(name: "keyExchange", numbers: []), errorEvent: "key-exchange:error"),
        typing("typing:start", isTyping: "true"),
        typing("typing:stop", isTyping: "false"),
        Route(
            "message:delivered", .messaging, to: "senderId",
            fields: [
                .required("messageId", .messageID),
                .optional("chunkNumber", .count(0...Limits.largestInteger)),
            ],
            peerGets: Event(
                "message:delivery-confirmed", .messageID("messageId"), .field("chunkNumber")),
            action: { relay, event in relay.acknowledgeDelivery(event) }, whenOffline: .post,
            errorEvent: "message:error"),
        Route(
            "message:read", .messaging, to: "senderId",
            fields: [.required("messageId", .messageID)],
            peerGets: Event("message:read-confirmed", .messageID("messageId")),
            whenOffline: .post, errorEvent: "message:error"),
        Route(
            "message:left", .messaging, to: "senderId",
            fields: [.required("messageId", .messageID)],
            action: { relay, event in relay.leaveMessage(event) }, whenOffline: .ignore,
            errorEvent: "message:error"),
    ]

    private static func typing(_ event: String, isTyping: String) -> Route {
        Route(
            event, .messaging, to: "recipientId",
            peerGets: Event(
                "typing:user", .senderID("userId"), .senderName("username"),
                .constant("isTyping", isTyping)))
    }
}
