internal import HTTP
internal import JSON
internal import WebSocket

extension Server {
    /// A GET that fetches packets: answered now if there are some, else when there are.
    mutating func poll(_ session: SessionState, on connection: Connection) {
        if session.connection != nil {
            refuse(connection, .badRequest)
            return end(session, .transportError)
        }
        guard session.waiting.isEmpty else {
            session.connection = connection
            return answerPoll(session)
        }
        if session.isUpgrading {
            note(.outgoing, [PacketType.noop.rawValue], of: session)
            return respondToPoll(connection, [PacketType.noop.rawValue])
        }
        serial += 1
        connection.http?.awaiting = serial
        connection.session = session
        session.connection = connection
    }

    /// Packets in one answer to a GET: python-engineio takes no body with more.
    private static let packetsPerPoll = 16

    /// Answers the GET that waits, if any, with the packets that wait, as many as a client takes
    /// at once.
    mutating func answerPoll(_ session: SessionState) {
        guard session.isPolling, !session.waiting.isEmpty, let connection = session.connection
        else { return }
        session.connection = nil
        let (count, byteCount) = packetsForPoll(session)
        var body: [UInt8] = []
        body.reserveCapacity(byteCount + count)
        for (at, packet) in session.waiting.prefix(count).enumerated() {
            if at > 0 { body.append(Packet.separator) }
            note(.outgoing, packet.bytes[...], of: session, isBinary: packet.isBinary)
            if packet.isBinary {
                body.append(Packet.binaryPrefix)
                Packet.appendBase64(packet.bytes, to: &body)
            } else {
                body.append(contentsOf: packet.bytes)
            }
        }
        session.waiting.removeFirst(count)
        session.waitingByteCount -= byteCount
        respondToPoll(connection, body)
        if session.isClosing, session.waiting.isEmpty { remove(session, code: .normal) }
    }

    /// How many packets go into the next answer, one at least, and their bytes together.
    private func packetsForPoll(_ session: SessionState) -> (count: Int, byteCount: Int) {
        var (count, byteCount) = (0, 0)
        for packet in session.waiting.prefix(Self.packetsPerPoll) {
            let isFull = byteCount + packet.bytes.count > configuration.maxPayload
            if count > 0, isFull { break }
            count += 1
            byteCount += packet.bytes.count
        }
        return (count, byteCount)
    }

    mutating func respondToPoll(_ connection: Connection, _ body: [UInt8]) {
        connection.session = nil
        let fields: Fields = [
            "Content-Type": "text/plain; charset=UTF-8", "Cache-Control": "no-store",
        ]
        respond(connection, Response(.ok, fields: fields, body: body))
    }

    /// The fields of a POST have come: a second one under way ends the session.
    mutating func beginPost(
        _ request: Request, on connection: Connection, _ http: HTTPState
    ) {
        guard let name = request.target.query["sid"], let session = session(named: name) else {
            http.keepsAlive = false
            return refuse(connection, .unknownSession)
        }
        if session.posting != nil {
            http.keepsAlive = false
            refuse(connection, .badRequest)
            return end(session, .transportError)
        }
        http.parser.limits.bodyByteCount = payloadLimit(session)
        session.posting = connection
        connection.posting = session
    }

    mutating func post(
        _ body: [UInt8], to session: SessionState, on connection: Connection
    ) {
        if let other = session.posting, other !== connection {
            refuse(connection, .badRequest)
            return end(session, .transportError)
        }
        session.posting = nil
        connection.posting = nil
        guard !body.isEmpty, JSONScanner.isUTF8(body[...]) else {
            refuse(connection, .badRequest)
            return end(session, .parseError)
        }
        posted = Posted(connection: connection, session: session, body: body[...])
    }

    /// The next output of the polling body under way.
    mutating func nextPosted() -> Output? {
        guard let (connection, session) = posted.map({ ($0.connection, $0.session) }) else {
            return nil
        }
        guard sessions[session.handle.slot] === session else {
            posted = nil
            refuse(connection, .badRequest)
            return nil
        }
        do throws(EngineIOError) {
            guard let packet = try posted?.next() else {
                posted = nil
                respond(connection, .text(.ok, "ok"))
                return nil
            }
            note(packet, of: session)
            switch packet {
            case .binary(let bytes): return .binary(session.handle, bytes[...])
            case .text(.message, let text): return .text(session.handle, text)
            case .text(.pong, _): receivedPong(session)
            case .text(.noop, _): return nil
            case .text(.close, _):
                posted = nil
                respond(connection, .text(.ok, "ok"))
                if let waiting = session.connection {
                    session.connection = nil
                    note(.outgoing, [PacketType.noop.rawValue], of: session)
                    respondToPoll(waiting, [PacketType.noop.rawValue])
                }
                end(session, .transportClose)
            default: throw .unexpectedPacket
            }
        } catch {
            posted = nil
            refuse(connection, .badRequest)
            end(session, .parseError)
        }
        return nil
    }
}

/// A polling body whose packets are handed out one by one.
struct Posted {
    let connection: Connection
    let session: SessionState
    var body: ArraySlice<UInt8>

    mutating func next() throws(EngineIOError) -> Packet? {
        body.isEmpty ? nil : try Packet.next(&body)
    }
}
