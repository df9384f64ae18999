/// What each sender added to mailboxes that were half full already, so that no stranger fills the
/// rest.
///
/// Who sent a message is sealed in the store, so what is fetched is not taken off one by one: the
/// shares of a mailbox are forgotten once it is less than half full again, and at a restart.
struct SenderShares {
    struct Share {
        var messages = 0
        var bytes = 0
    }

    private var boxes: [Mailbox: [Int: Share]] = [:]

    func share(of sender: Int, in box: Mailbox) -> Share { boxes[box]?[sender] ?? Share() }

    mutating func add(_ byteCount: Int, from sender: Int, to box: Mailbox) {
        var share = share(of: sender, in: box)
        share.messages += 1
        share.bytes += byteCount
        boxes[box, default: [:]][sender] = share
    }

    mutating func forget(_ box: Mailbox) {
        if !boxes.isEmpty { boxes[box] = nil }
    }
}
