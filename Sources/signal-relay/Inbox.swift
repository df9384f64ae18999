internal import Platform

/// A mailbox whose reader is set after it is made.
final class Inbox<Message: Sendable>: @unchecked Sendable {
    private let mailbox: Mailbox<Message>
    private let reader: Reader

    private final class Reader {
        var receive: (([Message]) -> Void)?
    }

    /// Only to be touched on the loop's thread.
    var receive: (([Message]) -> Void)? {
        get { reader.receive }
        set { reader.receive = newValue }
    }

    init(on loop: EventLoop) throws(SystemError) {
        let reader = Reader()
        self.reader = reader
        mailbox = try Mailbox(on: loop) { reader.receive?($0) }
    }

    func send(_ message: Message) { mailbox.send(message) }
}
