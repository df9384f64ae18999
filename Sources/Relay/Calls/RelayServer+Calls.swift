internal import Clock
internal import Crypto

// The log of calls. What clients tell each other is relayed whatever the log says: a call may have
// begun before the relay did, and it is the clients' own.

extension RelayServer {
    /// Family A: a call begins. One that the two had left open the same way is over.
    mutating func beginCall(_ event: borrowing OutgoingEvent) throws(EventError) {
        close(CallBook.Parties(caller: event.sender, receiver: event.target))
        try openCall(event, type: text(of: "call_type", in: event))
    }

    /// Family D: an offer begins a call, unless it is one more offer within a call.
    mutating func offerCall(_ event: borrowing OutgoingEvent) throws(EventError) {
        let parties = CallBook.Parties(caller: event.sender, receiver: event.target)
        if calls[parties] != nil || calls[parties.reversed]?.takenAt != nil { return }
        try openCall(event, type: text(of: "callType", in: event))
    }

    private mutating func openCall(
        _ event: borrowing OutgoingEvent, type: ArraySlice<UInt8>?
    ) throws(EventError) {
        let name = directory[event.sender].account.id
        guard callStarts.wait(name, at: now) == 0,
            calls.count(from: event.sender) < limits.openCallsPerUser
        else { throw .tooManyCalls }
        callStarts.take(name, at: now)
        counters.calls += 1
        let random = randomBytes(4).reduce(0) { $0 << 8 | UInt32($1) }
        let isMissed = sockets(of: event).isEmpty
        let record = CallRecord(
            id: calls.takeID(at: wall, random: random),
            caller: directory[event.sender].account.number,
            receiver: directory[event.target].account.number, type: Self.callType(type),
            status: isMissed ? .missed : .initiated, duration: isMissed ? 0 : nil,
            startedAt: wall, endedAt: isMissed ? wall : nil)
        ask(.calls(.put(record)))
        if isMissed { return }
        calls.put(
            CallBook.Call(record: record, ringsUntil: now + limits.ringTime),
            CallBook.Parties(caller: event.sender, receiver: event.target))
    }

    private static func callType(_ text: ArraySlice<UInt8>?) -> String {
        guard let type = text.flatMap(unquoted) else { return "unknown" }
        return ["voice", "video"].first { type.elementsEqual($0.utf8) } ?? "unknown"
    }

    /// The receiver takes a call.
    mutating func acceptCall(_ event: borrowing OutgoingEvent) {
        let parties = CallBook.Parties(caller: event.target, receiver: event.sender)
        guard var call = calls[parties], call.record.status == .initiated else { return }
        call.takenAt = call.takenAt ?? wall
        call.takenBy = event.socket
        call.record.status = .accepted
        ask(.calls(.put(call.record)))
        calls.put(call, parties)
    }

    /// The receiver answers without having said that it takes the call.
    mutating func noteAnswer(_ event: borrowing OutgoingEvent) {
        let parties = CallBook.Parties(caller: event.target, receiver: event.sender)
        guard var call = calls[parties], call.takenAt == nil else { return }
        call.takenAt = wall
        call.takenBy = event.socket
        calls.put(call, parties)
    }

    /// The receiver does not want a call. Its other devices cannot end one that it has taken.
    mutating func rejectCall(_ event: borrowing OutgoingEvent) {
        let parties = CallBook.Parties(caller: event.target, receiver: event.sender)
        if let taker = calls[parties]?.takenBy, taker != event.socket { return }
        close(parties, .rejected, duration: 0)
    }

    /// One of the two ends a call. Where nobody took it and it did not last, it was missed.
    mutating func endCall(_ event: borrowing OutgoingEvent) {
        let stated = text(of: "duration", in: event).flatMap(Self.wholeSeconds)
        let parties = CallBook.Parties(caller: event.sender, receiver: event.target)
        for parties in Set([parties, parties.reversed]) {
            guard let call = calls[parties] else { continue }
            let hadTalk = call.takenAt != nil || stated ?? 0 > 0
            close(parties, hadTalk ? .completed : .missed, duration: stated)
        }
    }

    /// Seconds without their fraction; nil for what is no number of them.
    private static func wholeSeconds(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let seconds = Double(String(decoding: text, as: UTF8.self)),
            seconds >= 0, seconds <= Double(Limits.largestInteger)
        else { return nil }
        return Int64(seconds)
    }

    /// Both of a user's ways of calling are over: it has no connection any more.
    mutating func closeCalls(of user: Int) {
        for parties in calls.calls(of: user) { close(parties) }
    }

    mutating func closeUnansweredCalls() {
        for parties in calls.unanswered(at: now) { close(parties) }
    }

    /// - Parameters:
    ///   - status: nil for a call that nobody ended.
    ///   - duration: in seconds; nil for the time since somebody took it.
    private mutating func close(
        _ parties: CallBook.Parties, _ status: CallStatus? = nil, duration: Int64? = nil
    ) {
        guard var call = calls.remove(parties) else { return }
        let lasted = call.takenAt.map { max(0, wall.seconds - $0.seconds) } ?? 0
        call.record.status = status ?? (call.takenAt == nil ? .missed : .dropped)
        call.record.duration = duration ?? lasted
        call.record.endedAt = wall
        ask(.calls(.put(call.record)))
    }
}
