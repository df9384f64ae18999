/// How much one client, one user or one address may ask of the relay. Each has a finite value.
public struct Limits: Equatable, Sendable {
    /// Connections that one user may hold at once: devices and tabs.
    public var connectionsPerUser = 100
    /// Rooms that one connection may be in at once.
    public var roomsPerConnection = 1000
    /// Named rooms that one connection may be in at once.
    public var namedRoomsPerConnection = 100
    /// Connections in one named room.
    public var membersPerRoom = 1000
    /// Bytes of a room's name.
    public var roomNameByteCount = 256
    /// Calls that one user began and that are not over, the ringing ones included.
    public var openCallsPerUser = 100
    /// Calls that one user may begin at once.
    public var callsPerUser = 100.0
    /// Seconds after which it may begin one more.
    public var secondsPerCall = 1.0
    /// Notices that one user may ask for at once.
    public var notificationsPerUser = 30.0
    /// Seconds after which it may ask for one more.
    public var secondsPerNotification = 2.0
    /// How long a call may ring before it counts as missed.
    public var ringTime = Duration.seconds(120)
    /// Files that one user may have half sent.
    public var uploadsPerUser = 64
    /// Parts of one file.
    public var chunksPerFile = 65_536
    /// How long a file that is half sent is remembered after its last part.
    public var uploadIdleTime = Duration.seconds(600)
    /// Calls in one answer of the call log.
    public var callsPerPage = 100
    /// Those who wrote to a user and so hear when it comes and goes.
    public var contactsPerUser = 1000
    /// Events a second of one connection, in the long run. Who sends faster is read more slowly.
    public var eventsPerSecond = 10_000.0
    /// Events that one connection may send at once before that.
    public var eventBurst = 20_000.0
    /// The same two for all connections of one user together, where it has several.
    public var eventsPerSecondPerUser = 20_000.0
    public var eventBurstPerUser = 40_000.0
    /// Messages kept for one receiver.
    public var keptMessagesPerUser = 20_000
    /// Bytes of messages kept for one receiver.
    public var keptBytesPerUser = 256 << 20
    /// Messages of one sender that are kept for one receiver, beyond the half of its mailbox that
    /// all may fill.
    public var keptMessagesPerSender = 5000
    /// Their bytes.
    public var keptBytesPerSender = 64 << 20
    /// Messages read from the store at once for one connection.
    public var messagesPerRead = 128
    /// Bytes read from the store at once for one connection, unless a single message has more.
    public var bytesPerRead = 512 << 10
    /// Messages of which a reliable client may not have said that it has or leaves them, before the
    /// next are read.
    public var unacknowledgedMessages = 1024
    /// How often the store is told to forget what is too old.
    public var cleanUpInterval = Duration.seconds(60)

    /// Connections of one network address at a time, and of one IPv6 network of 64 bits. For this
    /// and the next three, the machine's own addresses do not count: a proxy connects from them.
    public var connectionsPerAddress = 10_000
    /// Engine.IO sessions of one network address at a time.
    public var sessionsPerAddress = 10_000
    /// Sessions that one network address may open at once.
    public var handshakeBurst = 1000.0
    /// Sessions that it may open a second, in the long run.
    public var handshakesPerSecond = 200.0
    /// Bytes of a message of a client that was not let in yet.
    public var untrustedMessageBytes = 64 << 10
    /// Bytes of a message, and of a polling body, of a client that was let in.
    public var messageBytes = 2_000_000
    /// How long a client may take from its handshake to its CONNECT.
    public var connectTimeout = Duration.seconds(20)
    /// How long a request may take to come, from its first byte to the end of its fields.
    public var requestTimeout = Duration.seconds(10)
    /// How long the body of a request may take to come.
    public var bodyTimeout = Duration.seconds(60)
    /// Bytes that may wait for a connection before it is closed as a slow consumer.
    public var bufferedBytes = 1 << 20
    /// Bytes that may wait for a connection before messages for it stay in the store; less than
    /// the above.
    public var congestionBytes = 512 << 10
    /// How long bytes may wait for a connection that takes none before it is closed.
    public var stallTimeout = Duration.seconds(8)

    /// Whether every client may recover its connection's state, or only those that ask for it with
    /// `recovery: true`: its events have one argument more, which not every client expects.
    public var recoversByDefault = false
    /// How long the session of a client that vanished waits for it.
    public var recoveryTime = Duration.seconds(120)
    /// How long an event that was sent is remembered while its connection lives.
    public var recoveryMemory = Duration.seconds(300)
    /// Events that are remembered for one client.
    public var recoveryEvents = 1000
    /// Their bytes.
    public var recoveryBytes = 512 << 10
    /// The bytes of the events that are remembered for all clients together.
    public var recoveryTotalBytes = 64 << 20
    /// Sessions of clients that vanished.
    public var recoverySessions = 10_000

    /// Bytes of the body of a REST request.
    public var bodyByteCount = 1 << 20
    /// Passwords that may be wrong for one e-mail address before the next try has to wait.
    public var failuresPerAccount = 10.0
    /// The same for one network address.
    public var failuresPerAddress = 30.0
    /// Seconds after which one more failure is allowed.
    public var secondsPerFailure = 10.0
    /// For how long an account or address that goes on failing is locked out, at first; each time
    /// twice as long.
    public var firstLock = Duration.seconds(10)
    /// For how long it is locked out at most.
    public var longestLock = Duration.seconds(900)
    /// Requests of the authentication routes that one network address, or one account, may make at
    /// once.
    public var authRequests = 1000.0
    /// Seconds after which it may make one more.
    public var secondsPerAuthRequest = 0.05
    /// In which a refresh token may be used once more whose answer was lost, if what it was traded
    /// for was not used either; zero for never.
    public var refreshGrace = Duration.zero
    /// Whether tokens of another issuer with the same secret make accounts: 0 for no.
    public var foreignTokens = 1
    /// Accounts that one network address may make at once.
    public var registrationsPerAddress = 300.0
    /// Seconds after which it may make one more.
    public var secondsPerRegistration = 1.0
    /// Addresses and accounts whose recent failures are remembered.
    public var rememberedFailures = 20_000

    // Alerts: how much of it within a minute is out of the ordinary; 0 for no alert.

    /// Failed logins and tokens from one address, or for one account.
    public var alertAuthFailures = 50
    /// Different users to whom one user wrote or whom it called; 768 at most.
    public var alertManyTargets = 100
    /// Calls of one user.
    public var alertCallFlood = 30
    /// Refused events of one connection.
    public var alertRefusedEvents = 100
    /// Unknown rooms and users that one user asked for.
    public var alertRoomScan = 30
    /// Refresh tokens of one user that were used twice.
    public var alertTokenReuse = 1
    /// Clients that were let in from one address.
    public var alertConnectFlood = 1000
    /// Different addresses from which one user connected, within an hour.
    public var alertManyAddresses = 20
    /// How long the messages of threads can be asked for; zero for not at all.
    public var history = Duration.zero
    /// Messages and receipts that are read at once.
    public var entriesPerPage = 500
    /// Bytes of messages that are read at once, unless a single message has more.
    public var bytesPerPage = 4 << 20
    /// Members of one group or thread.
    public var membersPerGroup = 1000
    /// Groups that one user is in when it makes another.
    public var groupsPerUser = 1000
    /// Threads that one user began, those of two users not counted.
    public var threadsPerUser = 10_000
    /// Requests that wait for a change of their group to be committed.
    public var waitingPerGroup = 1000
    /// Bytes of a group key that is sealed for one member.
    public var sealedKeyByteCount = 8 << 10
    public var devicesPerUser = 50
    /// Bytes of the key material that is kept for one device.
    public var deviceKeysByteCount = 64 << 10

    public init() {}

    /// Bytes of an e-mail address (RFC 5321 section 4.5.3.1.3, without the angle brackets).
    static let emailByteCount = 254
    static let nameByteCount = 128
    /// Bytes of a file's name, as it stands in the JSON text.
    static let fileNameByteCount = 2048
    static let mimeTypeByteCount = 256
    /// Bytes of a nonce, tag or digest as text.
    static let digestByteCount = 256
    /// Bytes of a caller's name or the address of its picture.
    static let callerTextByteCount = 4096
    /// A picture may come as a data URL.
    static let callerPictureByteCount = 256 << 10
    /// Seconds that a call may be said to have lasted: some thirty years.
    static let longestCallSeconds = 1e9
    /// Characters of such a number.
    static let secondsByteCount = 64
    /// Whole numbers that JavaScript has exactly.
    static let largestInteger = 1 << 53
    /// What the stock servers of the video-room family ask for.
    static let shortestPassword = 6
    static let longestPassword = 1024
    /// Bytes of a code of the second factor, or of a recovery code with its dashes.
    static let longestCode = 64
    /// Characters of a message id that a client chose.
    static let messageIDByteCount = 128
    /// Bytes of a value that names a peer: a socket id, a user id or an e-mail address.
    static let addressByteCount = 256
    static let groupNameByteCount = 1024
    static let deviceNameByteCount = 256
    static let threadIDByteCount = 512
    static let contentTypeByteCount = 128
    /// Bytes of audit lines that are gathered before they go to the store in one row.
    static let auditPageByteCount = 32 << 10
}
