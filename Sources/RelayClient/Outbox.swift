internal import Clock
internal import Failures
internal import HTTPClient
internal import JSON

/// The messages on their way to a relay: which are to be sent, which wait for an answer, and which
/// have their receipt. What has no answer when the connection is lost is sent again, which is
/// harmless, since the relay knows a message by its id.
struct Outbox {
    /// Messages, and their bytes, that may wait for the relay's answer at a time.
    static let windowCount = 256
    static let windowByteCount = 4 << 20
    /// Messages that may wait for whatever: beyond, no input is read.
    static let entryLimit = 4096

    private struct Entry {
        let message: OutgoingMessage
        let line: Int
        var isSent = false
        /// Whether it is sent and the relay has not answered.
        var isOpen = false
        /// Whether the connection was lost before an answer came, so that the relay may have it.
        var mayBeStored = false
        var status: DeliveryStatus?
        var timestamp: Timestamp?
        var refusal: Refusal?
        /// The answer to an event that has no id.
        var answer: [UInt8]?

        /// What is to be said where no answer comes.
        var statusWithoutAnswer: DeliveryStatus { isOpen || mayBeStored ? .unknown : .notSent }

        mutating func refuse(_ refusal: Refusal, at now: Timestamp) {
            // That the relay is too busy now says nothing of the time before.
            status = mayBeStored && refusal.kind == .temporary ? .unknown : .notSent
            timestamp = now
            self.refusal = refusal
        }
    }

    /// What is printed, in the order of the input.
    enum Outcome: Equatable {
        case receipt(Receipt)
        /// The arguments that an event was acknowledged with.
        case acknowledged([UInt8], line: Int)
        case refused(Refusal, line: Int)
    }

    private let recipient: String
    private let goal: DeliveryStatus
    private var entries: [Int: Entry] = [:]
    /// The number of the oldest entry, of the next one to be sent, and of the next one to come.
    private var first = 0
    private var nextToSend = 0
    private var end = 0
    private var windowCount = 0
    private var windowByteCount = 0
    private var numbersByID: [String: [Int]] = [:]

    init(recipient: String, goal: DeliveryStatus) {
        self.recipient = recipient
        self.goal = goal
    }

    var isEmpty: Bool { entries.isEmpty }
    var hasRoom: Bool { entries.count < Self.entryLimit && nextToSend == end }

    mutating func add(_ message: OutgoingMessage, line: Int) {
        entries[end] = Entry(message: message, line: line)
        if let id = message.id { numbersByID[id, default: []].append(end) }
        end += 1
    }

    /// The next message to send, with its number; nil while the window is full or all is sent.
    mutating func next() -> (number: Int, message: OutgoingMessage)? {
        while nextToSend < end {
            guard var entry = entries[nextToSend], !entry.isSent, isWanting(entry) else {
                nextToSend += 1
                continue
            }
            let byteCount = entry.message.arguments.count
            guard windowCount < Self.windowCount,
                windowCount == 0 || windowByteCount + byteCount <= Self.windowByteCount
            else { return nil }
            entry.isSent = true
            entry.isOpen = true
            entries[nextToSend] = entry
            windowCount += 1
            windowByteCount += byteCount
            nextToSend += 1
            return (nextToSend - 1, entry.message)
        }
        return nil
    }

    /// Whether a message has no answer, or not the one that was asked for.
    private func isWanting(_ entry: Entry) -> Bool {
        guard entry.answer == nil, let status = entry.status else { return entry.answer == nil }
        return !status.isFailure && status < goal
    }

    /// What has no answer yet is to be sent again, in order; also what is stored and waits to be
    /// delivered, since the relay may have said that while nobody heard it, and says it again.
    mutating func connectionLost() {
        windowCount = 0
        windowByteCount = 0
        nextToSend = first
        for number in entries.keys {
            if entries[number]?.isOpen == true { entries[number]?.mayBeStored = true }
            entries[number]?.isSent = false
            entries[number]?.isOpen = false
        }
    }

    // MARK: Answers

    /// An event came from the relay. Returns whether it was about one of these messages.
    mutating func receive(_ event: String, _ arguments: ArraySlice<UInt8>, at now: Timestamp)
        -> Bool
    {
        guard Self.events.contains(event), let json = try? JSON(parsing: arguments) else {
            return false
        }
        switch event {
        case "message:sent": return wasStored(json, at: now)
        case "message:error": return wasRefused(json, at: now)
        case "message:read-confirmed": return wasConfirmed(json, .read, at: now)
        default: return wasConfirmed(json, .delivered, at: now)
        }
    }

    private static let events = [
        "message:sent", "message:error", "message:delivery-confirmed", "message:read-confirmed",
    ]

    private mutating func wasStored(_ json: JSON, at now: Timestamp) -> Bool {
        guard let number = number(json) else { return false }
        let time = json["timestamp"]?.string.flatMap { Timestamp($0) } ?? now
        settle(number) { entry in
            entry.status = max(entry.status ?? .stored, .stored)
            entry.timestamp = time
        }
        return true
    }

    private mutating func wasRefused(_ json: JSON, at now: Timestamp) -> Bool {
        // A relay that does not say which one means the oldest: it answers in order.
        guard let number = json["messageId"] == nil ? oldestSent : number(json) else {
            return false
        }
        settle(number) { entry in
            // It was stored before the connection was lost.
            guard entry.status == nil else { return }
            entry.refuse(Refusal(json), at: now)
        }
        return true
    }

    private mutating func wasConfirmed(
        _ json: JSON, _ status: DeliveryStatus, at now: Timestamp
    ) -> Bool {
        guard let id = json["messageId"]?.string, let numbers = numbersByID[id] else {
            return false
        }
        // Delivered once, it is for each time that it was given.
        for number in numbers where entries[number]?.isSent == true {
            settle(number) { entry in
                entry.status = max(entry.status ?? status, status)
                entry.timestamp = entry.timestamp ?? now
            }
        }
        return true
    }

    /// An event that asked for an answer got one.
    mutating func acknowledge(_ number: Int, _ arguments: ArraySlice<UInt8>) {
        guard let entry = entries[number], entry.message.id == nil else { return }
        let json = try? JSON(parsing: [0x5b] + arguments + [0x5d])
        let first = json?.array?.first
        settle(number) { entry in
            entry.answer = Array(arguments)
            if let first, first["code"]?.string != nil, first["message"]?.string != nil {
                entry.refusal = Refusal(first)
            }
        }
    }

    /// A message that was to be sent cannot be.
    mutating func refuse(_ number: Int, _ refusal: Refusal, at now: Timestamp) {
        settle(number) { entry in
            entry.refuse(refusal, at: now)
            if entry.message.id == nil { entry.answer = [] }
        }
    }

    private func number(_ json: JSON) -> Int? {
        guard let id = json["messageId"]?.string, let numbers = numbersByID[id] else { return nil }
        // The same envelope may have been given twice: the answers come in the same order.
        return numbers.first { entries[$0]?.isOpen == true } ?? numbers.first
    }

    private var oldestSent: Int? {
        (first..<nextToSend).first { number in
            entries[number]?.isOpen == true && entries[number]?.message.id != nil
        }
    }

    private mutating func settle(_ number: Int, _ change: (inout Entry) -> Void) {
        guard var entry = entries[number] else { return }
        let wasOpen = entry.isOpen
        entry.isOpen = false
        change(&entry)
        entries[number] = entry
        if wasOpen {
            windowCount -= 1
            windowByteCount -= entry.message.arguments.count
        }
    }

    // MARK: Outcomes

    /// The next outcome to print: that of the oldest message, once it is as far as was asked for.
    mutating func nextOutcome() -> Outcome? {
        guard let entry = entries[first] else { return nil }
        if entry.message.id == nil {
            guard let answer = entry.answer else { return nil }
            drop(entry)
            if let refusal = entry.refusal { return .refused(refusal, line: entry.line) }
            return .acknowledged(answer, line: entry.line)
        }
        guard let status = entry.status, status.isFailure || status >= goal else { return nil }
        drop(entry)
        return .receipt(receipt(entry, status))
    }

    /// Gives up: the outcomes of all that is left, as far as it has come.
    mutating func abandon(at now: Timestamp) -> [Receipt] {
        var receipts: [Receipt] = []
        while let entry = entries[first] {
            drop(entry)
            guard entry.message.id != nil else { continue }
            var receipt = receipt(entry, entry.status ?? entry.statusWithoutAnswer)
            receipt.timestamp = entry.timestamp ?? now
            receipts.append(receipt)
        }
        return receipts
    }

    private mutating func drop(_ entry: Entry) {
        entries[first] = nil
        if let id = entry.message.id {
            numbersByID[id]?.removeAll { $0 == first }
            if numbersByID[id]?.isEmpty == true { numbersByID[id] = nil }
        }
        first += 1
        nextToSend = max(nextToSend, first)
    }

    private func receipt(_ entry: Entry, _ status: DeliveryStatus) -> Receipt {
        Receipt(
            id: entry.message.id ?? "", recipient: recipient, status: status,
            sequence: entry.message.sequence,
            timestamp: entry.timestamp ?? Timestamp(milliseconds: 0), refusal: entry.refusal,
            line: entry.line)
    }
}
