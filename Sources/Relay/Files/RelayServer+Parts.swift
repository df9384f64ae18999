// Files come in parts, each of which is a message to the queue.

extension RelayServer {
    /// Which part of a file this is; nil for an event that has no parts.
    func filePart(_ message: borrowing OutgoingEvent, _ route: CompiledRoute) -> FilePart? {
        guard route.whenComplete != nil, let number = partNumber(message),
            let field = route.partCountField,
            let count = integer(message.payload.text[message.payload.fields[field]])
        else { return nil }
        let id = unquoted(message.messageID[...]) ?? []
        return FilePart(
            upload: UploadBook.Name(
                sender: message.sender, receiver: message.target, messageID: Array(id)),
            number: number, count: count)
    }

    /// The number of the part that an event is, or is about.
    func partNumber(_ message: borrowing OutgoingEvent) -> Int? {
        guard let field = routes[message.route].partField,
            !message.payload.fields[field].isEmpty
        else { return nil }
        return integer(message.payload.text[message.payload.fields[field]])
    }

    /// A part is with its receiver or in the store; says so once all are.
    mutating func accepted(
        _ part: FilePart, _ index: Int, _ messageID: [UInt8], of sender: PeerReference
    ) {
        guard uploads.accept(part), let template = routes[index].whenComplete else { return }
        let text = Array(#"{"messageId":"#.utf8) + messageID + [0x7d]
        emit(EventText(name: template, arguments: text), answering: sender)
    }
}
