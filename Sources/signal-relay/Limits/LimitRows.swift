internal import EngineIO
internal import Relay
internal import SocketIO

extension LimitRow {
    /// Every limit. Adding one is adding a row; its name is its member's.
    static let all = connections + events + messages + accounts + alerts + requests

    private static let connections: [LimitRow] = [
        .time(
            "pingInterval", \.protocols.engine.pingInterval,
            "Between two pings to a client, at most."),
        .time("pingTimeout", \.protocols.engine.pingTimeout, "For a client to answer a ping."),
        .time(
            "upgradeTimeout", \.protocols.engine.upgradeTimeout,
            "For the change from polling to WebSocket."),
        .time(
            "connectTimeout", \.relay.connectTimeout,
            "From the transport's handshake to the client's token."),
        .time("closeTimeout", \.protocols.engine.closeTimeout, "For a closing handshake."),
        .time(
            "stallTimeout", \.relay.stallTimeout,
            "For a client that reads nothing, before it is cut off."),
        .count(
            "maximumSessionCount", \.protocols.engine.maximumSessionCount, "Clients altogether."),
        .count(
            "connectionsPerUser", \.relay.connectionsPerUser,
            "Connections of one user: devices and tabs."),
        .count(
            "connectionsPerAddress", \.relay.connectionsPerAddress,
            "TCP connections of one network address; the machine's own do not count."),
        .count("sessionsPerAddress", \.relay.sessionsPerAddress, "Clients of one network address."),
        .number(
            "handshakeBurst", \.relay.handshakeBurst,
            "Clients of one network address that connect at once."),
        .number(
            "handshakesPerSecond", \.relay.handshakesPerSecond,
            "The same a second, in the long run."),
        .bytes(
            "bufferedBytes", \.relay.bufferedBytes, "Waiting for one client before it is cut off."),
        .bytes(
            "congestionBytes", \.relay.congestionBytes,
            "Waiting for one client before the store takes what comes for it."),
    ]

    private static let events: [LimitRow] = [
        .bytes(
            "messageBytes", \.relay.messageBytes, in: 1...1 << 30,
            "One message, and one polling body."),
        .bytes(
            "untrustedMessageBytes", \.relay.untrustedMessageBytes, in: 1...1 << 30,
            "The same of a client that was not let in yet."),
        .bytes(
            "attachmentByteCount", \.protocols.attachmentByteCount, in: 1...1 << 30,
            "Binary attachments of one packet together."),
        .number(
            "eventsPerSecond", \.relay.eventsPerSecond,
            "Of one connection, in the long run; who sends faster is read more slowly."),
        .number("eventBurst", \.relay.eventBurst, "Events of one connection at once."),
        .number(
            "eventsPerSecondPerUser", \.relay.eventsPerSecondPerUser,
            "The same for all connections of one user together."),
        .number("eventBurstPerUser", \.relay.eventBurstPerUser, "Events of one user at once."),
        .count(
            "roomsPerConnection", \.relay.roomsPerConnection,
            "Rooms of two that one connection may be in."),
        .count(
            "namedRoomsPerConnection", \.relay.namedRoomsPerConnection,
            "Named rooms that one connection may be in."),
        .count("membersPerRoom", \.relay.membersPerRoom, "Connections in one named room."),
        .bytes("roomNameByteCount", \.relay.roomNameByteCount, "Of a room's name."),
        .count(
            "contactsPerUser", \.relay.contactsPerUser,
            "Users who wrote to one and hear of its coming and going."),
        .count(
            "openCallsPerUser", \.relay.openCallsPerUser, "Calls that one user may be in at once."),
        .number("callsPerUser", \.relay.callsPerUser, "Calls that one user may begin at once."),
        .number("secondsPerCall", \.relay.secondsPerCall, "Until it may begin one more."),
        .number(
            "notificationsPerUser", \.relay.notificationsPerUser,
            "Times that one user may send notify at once."),
        .number(
            "secondsPerNotification", \.relay.secondsPerNotification,
            "Until it may send one more."),
        .time(
            "ringTime", \.relay.ringTime, "For a call to be answered before it counts as missed."),
        .count("callsPerPage", \.relay.callsPerPage, "Calls in one answer of the call log."),
        .count(
            "entriesPerPage", \.relay.entriesPerPage,
            "Messages and receipts in one answer of a thread or group."),
        .bytes("bytesPerPage", \.relay.bytesPerPage, "Of messages in such an answer."),
        .count("membersPerGroup", \.relay.membersPerGroup, "In one group or thread."),
        .count(
            "groupsPerUser", \.relay.groupsPerUser,
            "Groups that one user may be an admin of when it makes one."),
        .count("threadsPerUser", \.relay.threadsPerUser, "Threads that one user may begin."),
        .count(
            "waitingPerGroup", \.relay.waitingPerGroup,
            "Requests that wait for a change of their group."),
        .bytes("sealedKeyByteCount", \.relay.sealedKeyByteCount, "Of a group's key for a member."),
        .count("devicesPerUser", \.relay.devicesPerUser, "Devices of one user."),
        .bytes("deviceKeysByteCount", \.relay.deviceKeysByteCount, "Of the keys of one device."),
        .count("uploadsPerUser", \.relay.uploadsPerUser, "Files that one user may have half sent."),
        .count("chunksPerFile", \.relay.chunksPerFile, "Parts of one file."),
        .time(
            "uploadIdleTime", \.relay.uploadIdleTime,
            "After the last part, before a file that is half sent is forgotten."),
    ]

    private static let messages: [LimitRow] = [
        .count("keptMessagesPerUser", \.relay.keptMessagesPerUser, "Kept for one receiver."),
        .bytes("keptBytesPerUser", \.relay.keptBytesPerUser, "Kept for one receiver."),
        .count(
            "keptMessagesPerSender", \.relay.keptMessagesPerSender,
            "Of one sender kept for a receiver whose mailbox is half full."),
        .bytes(
            "keptBytesPerSender", \.relay.keptBytesPerSender,
            "Of one sender kept for a receiver whose mailbox is half full."),
        .count(
            "unacknowledgedMessages", \.relay.unacknowledgedMessages,
            "That a reliable client may have before it gets the next."),
        .count("messagesPerRead", \.relay.messagesPerRead, "Read from the store at once."),
        .bytes("bytesPerRead", \.relay.bytesPerRead, "Read from the store at once."),
        .time(
            "recoveryMemory", \.relay.recoveryMemory,
            "That an event is remembered for a client that may come back."),
        .count(
            "recoveryEvents", \.relay.recoveryEvents,
            "Events remembered for one client that may come back."),
        .bytes("recoveryBytes", \.relay.recoveryBytes, "The same in bytes."),
        .bytes("recoveryTotalBytes", \.relay.recoveryTotalBytes, "The same for all of them."),
        .count(
            "recoverySessions", \.relay.recoverySessions,
            "Clients that vanished and may come back."),
        .time("cleanUpInterval", \.relay.cleanUpInterval, "Between two looks for what is too old."),
        .bytes(
            "databaseBytes", \.databaseBytes, in: 0...1 << 50,
            "Of the database; 0 for as many as the disk holds."),
    ]

    private static let accounts: [LimitRow] = [
        .number("failuresPerAccount", \.relay.failuresPerAccount, "Wrong passwords at once."),
        .number(
            "failuresPerAddress", \.relay.failuresPerAddress,
            "Wrong passwords at once from one network address."),
        .number("secondsPerFailure", \.relay.secondsPerFailure, "Until one more is allowed."),
        .time(
            "firstLock", \.relay.firstLock,
            "For whoever goes on failing; twice as long each time."),
        .time("longestLock", \.relay.longestLock, "The longest of these."),
        .number(
            "authRequests", \.relay.authRequests,
            "To the routes of accounts, of one network address or account at once."),
        .number(
            "secondsPerAuthRequest", \.relay.secondsPerAuthRequest, "Until one more is allowed."),
        .time(
            "refreshGrace", \.relay.refreshGrace, mayBeZero: true,
            "For a refresh token to be used once more whose answer was lost; never by default."),
        .count(
            "foreignTokens", \.relay.foreignTokens, in: 0...1,
            "Whether another issuer's tokens make accounts: 1 for yes, 0 for no."),
        .number(
            "registrationsPerAddress", \.relay.registrationsPerAddress,
            "Accounts at once from one network address."),
        .number(
            "secondsPerRegistration", \.relay.secondsPerRegistration, "Until one more is allowed."),
        .count(
            "rememberedFailures", \.relay.rememberedFailures,
            "Accounts and addresses whose failures are remembered."),
    ]

    private static let alerts: [LimitRow] = [
        alert(
            "alertAuthFailures", \.relay.alertAuthFailures,
            "Failures of one address or account in a minute"),
        alert(
            "alertManyTargets", \.relay.alertManyTargets,
            "Users to whom one wrote in a minute, up to 768"),
        alert(
            "alertCallFlood", \.relay.alertCallFlood,
            "Calls that one user makes, or gets, in a minute"),
        alert(
            "alertRefusedEvents", \.relay.alertRefusedEvents,
            "Refused events of one connection in a minute"),
        alert(
            "alertRoomScan", \.relay.alertRoomScan,
            "Unknown users and rooms of one user in a minute"),
        alert(
            "alertTokenReuse", \.relay.alertTokenReuse,
            "Refresh tokens of one user used twice in a minute"),
        alert(
            "alertConnectFlood", \.relay.alertConnectFlood,
            "Clients let in from one address in a minute"),
        alert(
            "alertManyAddresses", \.relay.alertManyAddresses,
            "Addresses of one user within an hour"),
    ]

    private static func alert(
        _ name: String, _ path: any Path<Int>, _ help: String
    ) -> LimitRow {
        .count(name, path, in: 0...1_000_000_000, "\(help): so many are an alert; 0 for none.")
    }

    private static let requests: [LimitRow] = [
        .bytes("bodyByteCount", \.relay.bodyByteCount, in: 1...1 << 30, "Body of a request."),
        .time("requestTimeout", \.relay.requestTimeout, "For a request's fields to come."),
        .time("bodyTimeout", \.relay.bodyTimeout, "For a request's body to come."),
        .time(
            "idleTimeout", \.protocols.engine.idleTimeout, "Between two requests on a connection."),
    ]
}
