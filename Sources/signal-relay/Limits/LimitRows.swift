internal import EngineIO
internal import Relay
internal import SocketIO

extension LimitRow {
    /// Every limit. Adding one is adding a row; its name is its member's.
    static let all = connections + events + messages + accounts + requests

    private static let connections: [LimitRow] = [
        .time("pingInterval", \.protocols.engine.pingInterval, "Between two pings to a client."),
        .time("pingTimeout", \.protocols.engine.pingTimeout, "For a client to answer a ping."),
        .time(
            "upgradeTimeout", \.protocols.engine.upgradeTimeout,
            "For the change from polling to WebSocket."),
        .time(
            "connectTimeout", \.protocols.connectTimeout,
            "From the transport's handshake to the client's token."),
        .time("closeTimeout", \.protocols.engine.closeTimeout, "For a closing handshake."),
        .time("stallTimeout", \.protocols.engine.stallTimeout, "For a client that reads nothing."),
        .count(
            "maximumSessionCount", \.protocols.engine.maximumSessionCount, "Clients altogether."),
        .count(
            "connectionsPerUser", \.relay.connectionsPerUser,
            "Connections of one user: devices and tabs."),
        .count(
            "connectionsPerAddress", \.host.connectionsPerAddress,
            "TCP connections from one network address."),
        .bytes(
            "maximumBufferedByteCount", \.protocols.engine.maximumBufferedByteCount,
            "Waiting for one client before it is cut off."),
        .bytes(
            "congestionByteCount", \.host.congestionByteCount,
            "Waiting for one client before the store takes what comes for it."),
    ]

    private static let events: [LimitRow] = [
        .bytes(
            "maxPayload", \.protocols.engine.maxPayload, in: 1...1 << 30,
            "One message, and one polling body."),
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
        .count("roomsPerConnection", \.relay.roomsPerConnection, "Rooms of one connection."),
        .count(
            "contactsPerUser", \.relay.contactsPerUser,
            "Users who wrote to one and hear of its coming and going."),
    ]

    private static let messages: [LimitRow] = [
        .count("keptMessagesPerUser", \.relay.keptMessagesPerUser, "Kept for one receiver."),
        .bytes("keptBytesPerUser", \.relay.keptBytesPerUser, "Kept for one receiver."),
        .count(
            "unacknowledgedMessages", \.relay.unacknowledgedMessages,
            "That a reliable client may have before it gets the next."),
        .count("messagesPerRead", \.relay.messagesPerRead, "Read from the store at once."),
        .bytes("bytesPerRead", \.relay.bytesPerRead, "Read from the store at once."),
        .time("cleanUpInterval", \.relay.cleanUpInterval, "Between two looks for what is too old."),
        .bytes(
            "databaseByteCount", \.host.databaseByteCount, in: 0...1 << 50,
            "Of the database; 0 for as many as the disk holds."),
    ]

    private static let accounts: [LimitRow] = [
        .number("failuresPerAccount", \.relay.failuresPerAccount, "Wrong passwords at once."),
        .number(
            "failuresPerAddress", \.relay.failuresPerAddress,
            "Wrong passwords at once from one network address."),
        .number("secondsPerFailure", \.relay.secondsPerFailure, "Until one more is allowed."),
        .number(
            "registrationsPerAddress", \.relay.registrationsPerAddress,
            "Accounts at once from one network address."),
        .number(
            "secondsPerRegistration", \.relay.secondsPerRegistration, "Until one more is allowed."),
        .count(
            "rememberedFailures", \.relay.rememberedFailures,
            "Accounts and addresses whose failures are remembered."),
    ]

    private static let requests: [LimitRow] = [
        .bytes(
            "bodyByteCount", \.relay.bodyByteCount, in: 1...1 << 30, "Body of a request."),
        .time(
            "requestTimeout", \.protocols.engine.requestTimeout, "For a request's fields to come."),
        .time("bodyTimeout", \.protocols.engine.bodyTimeout, "For a request's body to come."),
        .time("idleTimeout", \.protocols.engine.idleTimeout, "Between two requests."),
    ]
}
