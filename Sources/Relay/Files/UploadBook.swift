internal import Clock

/// One part of a file on its way.
struct FilePart: Equatable {
    let upload: UploadBook.Name
    let number: Int
    let count: Int
}

/// Which parts of files were accepted, until all of them were and for a while after that, so that
/// who sends a part again gets the same answer again.
struct UploadBook {
    struct Name: Hashable {
        let sender: Int
        let receiver: Int
        let messageID: [UInt8]
    }

    private struct Upload {
        let count: Int
        var accepted: [UInt64] = []
        var acceptedCount = 0
        var touchedAt: Instant

        var isComplete: Bool { acceptedCount == count }

        func has(_ part: Int) -> Bool {
            isComplete
                || part / 64 < accepted.count && accepted[part / 64] & 1 << UInt64(part % 64) != 0
        }

        mutating func accept(_ part: Int) {
            guard !has(part) else { return }
            while accepted.count <= part / 64 { accepted.append(0) }
            accepted[part / 64] |= 1 << UInt64(part % 64)
            acceptedCount += 1
            if isComplete { accepted = [] }
        }
    }

    private var uploads: [Int: [Name: Upload]] = [:]

    /// Notes that a part came, which is not accepted yet.
    ///
    /// - Throws: `badField` for a part that does not fit the ones before, `tooManyUploads`.
    mutating func open(_ part: FilePart, _ limits: Limits, at now: Instant) throws(EventError) {
        guard part.count <= limits.chunksPerFile else { throw .badField("totalChunks") }
        guard part.number < part.count else { throw .badField("chunkNumber") }
        let sender = part.upload.sender
        if let upload = uploads[sender]?[part.upload] {
            guard upload.count == part.count else { throw .badField("totalChunks") }
            uploads[sender]?[part.upload]?.touchedAt = now
            return
        }
        if uploads[sender]?.count ?? 0 >= limits.uploadsPerUser {
            try forgetComplete(of: sender)
        }
        uploads[sender, default: [:]][part.upload] = Upload(count: part.count, touchedAt: now)
    }

    /// Makes room: the file that was complete for the longest time goes.
    private mutating func forgetComplete(of sender: Int) throws(EventError) {
        let complete = uploads[sender]?.filter(\.value.isComplete) ?? [:]
        guard let oldest = complete.min(by: { $0.value.touchedAt < $1.value.touchedAt }) else {
            throw .tooManyUploads
        }
        uploads[sender]?[oldest.key] = nil
    }

    /// Whether a part was accepted before.
    func has(_ part: FilePart) -> Bool {
        uploads[part.upload.sender]?[part.upload]?.has(part.number) ?? false
    }

    /// Whether no part of the file was accepted before.
    func isFirst(_ part: FilePart) -> Bool {
        uploads[part.upload.sender]?[part.upload]?.acceptedCount ?? 0 == 0
    }

    /// Notes that a part is with the receiver or in the store.
    ///
    /// - Returns: whether all are.
    mutating func accept(_ part: FilePart) -> Bool {
        uploads[part.upload.sender]?[part.upload]?.accept(part.number)
        return uploads[part.upload.sender]?[part.upload]?.isComplete ?? false
    }

    /// Forgets files of which nothing came since then.
    mutating func forgetIdle(since time: Instant) {
        for sender in uploads.keys {
            uploads[sender] = uploads[sender]?.filter { $0.value.touchedAt > time }
            if uploads[sender]?.isEmpty == true { uploads[sender] = nil }
        }
    }
}
