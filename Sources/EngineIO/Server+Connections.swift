internal import Clock
internal import HTTP
internal import WebSocket
internal import Wire

extension Server {
    // MARK: What to write

    /// Swaps in the connections that want to be flushed; each is named once.
    public mutating func takeDirty(into ids: inout [Int]) {
        for session in pollFlushes {
            session.isInPollFlush = false
            answerPoll(session)
        }
        pollFlushes.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        swap(&dirty, &ids)
        for id in ids { connection(id)?.isDirty = false }
    }

    /// Lends the bytes that wait for a connection to `write`, which says how many it took.
    public mutating func flush(
        _ id: Int, write: (UnsafeRawBufferPointer) -> Int
    ) -> Flushed {
        guard let connection = connection(id) else { return .drained }
        let start = connection.written
        if start < connection.output.count {
            let count = unsafe connection.output.withUnsafeBytes { bytes in
                unsafe write(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            }
            connection.written = start + max(0, min(count, connection.output.count - start))
        }
        if connection.pendingByteCount > 0 {
            if connection.written > start || connection.stalledSince == .max {
                connection.stalledSince = now
            }
            check(connection)
            return .pending
        }
        connection.stalledSince = .max
        recycle(connection)
        guard connection.isFinished else {
            resumeLater(connection)
            return .drained
        }
        forget(connection)
        return .finished
    }

    private mutating func recycle(_ connection: Connection) {
        guard connection.output.capacity > 0 else { return }
        var buffer = connection.output
        connection.output = []
        connection.written = 0
        defer { connection.outputIsSecret = false }
        guard !connection.outputIsSecret,
            spareByteCount + buffer.capacity <= Self.mostSpareBytes
        else { return }
        buffer.emptyForReuse()
        spareByteCount += buffer.capacity
        spares.append(buffer)
    }

    /// The bytes that emptied buffers may hold together: as much as a busy turn needs.
    private static let mostSpareBytes = 1 << 20

    /// Gives a connection a buffer with room for about `count` bytes.
    mutating func reserve(_ connection: Connection, _ count: Int) {
        guard connection.output.isEmpty else { return }
        guard connection.http == nil else {
            connection.outputIsSecret = true
            return connection.output.reserveCapacity(count)
        }
        connection.output = takeSpare(count)
    }

    /// An empty buffer with room for about `count` bytes.
    mutating func takeSpare(_ count: Int) -> [UInt8] {
        var buffer: [UInt8] = []
        if let spare = spares.popLast() {
            spareByteCount -= spare.capacity
            buffer = spare
        }
        if buffer.capacity < count { buffer.reserveCapacity(count) }
        return buffer
    }

    mutating func touch(_ connection: Connection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection.id)
    }

    // MARK: Connections

    /// Whether the server knows this connection.
    public func isOpen(_ id: Int) -> Bool { connection(id).map { !$0.isFinished } ?? false }

    func connection(_ id: Int) -> Connection? {
        id >= 0 && id < connections.count ? connections[id] : nil
    }

    /// Closes a connection once what it is owed has been written.
    mutating func finish(_ connection: Connection) {
        connection.isFinished = true
        expire(connection, after: configuration.closeTimeout)
        touch(connection)
    }

    /// Closes a connection without writing what waits for it.
    mutating func abort(_ connection: Connection) {
        connection.output = []
        connection.written = 0
        connection.isFinished = true
        connection.expires = .max
        touch(connection)
    }

    /// Takes a connection out of all tables, and ends the session that lived on it.
    mutating func forget(_ connection: Connection) {
        guard connections[connection.id] === connection else { return }
        connections[connection.id] = nil
        connection.isFinished = true
        if !connection.isUncounted { addresses.removeConnection(connection.remote, at: now) }
        connection.posting?.posting = nil
        connection.posting = nil
        guard let session = connection.session else { return }
        connection.session = nil
        if session.probe === connection {
            session.probe = nil
            session.isUpgrading = false
        } else if session.connection === connection {
            // An answer that is being written is not waited for; a GET that went away is an error.
            session.connection = nil
            end(session, session.isPolling ? .transportError : .transportClose)
        }
    }

    mutating func expire(_ connection: Connection, after delay: Duration) {
        connection.expires = now + delay.milliseconds
        check(connection)
    }

    /// How often a connection is looked at that may be closed for what it does not do.
    static let checkInterval = Duration.seconds(1)

    mutating func check(_ connection: Connection) {
        guard !connection.hasCheck else { return }
        connection.hasCheck = true
        let due = now + Self.checkInterval.milliseconds
        checks.start(slot: connection.id, number: 0, due: due, at: now)
    }

    mutating func fireChecks() {
        while let timer = checks.fire(at: now) {
            guard let connection = connection(timer.slot), connection.hasCheck else { continue }
            connection.hasCheck = false
            let stallTimeout = configuration.stallTimeout.milliseconds
            if connection.stalledSince != .max, now - connection.stalledSince >= stallTimeout {
                if let session = connection.session, session.connection === connection {
                    connection.session = nil
                    session.connection = nil
                    end(session, .slowConsumer)
                }
                abort(connection)
            } else if connection.expires <= now {
                expired(connection)
            } else if connection.expires != .max || connection.stalledSince != .max {
                check(connection)
            }
        }
    }

    private mutating func expired(_ connection: Connection) {
        if let http = connection.http, !http.isIdle, !connection.isFinished {
            http.keepsAlive = false
            respond(connection, Response(.requestTimeout))
        } else {
            abort(connection)
        }
    }
}
