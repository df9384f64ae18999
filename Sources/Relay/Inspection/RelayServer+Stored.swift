internal import Clock
internal import JSON

// What is stored, for operators: kinds, numbers and ages of everything, and the lines of the log.

extension RelayServer {
    mutating func listStored(_ request: ControlRequest) {
        ask(.inspection(.stored)) { relay, result in
            switch result {
            case .inspection(.stored(let kinds)):
                relay.end(request.number, kinds.map { relay.json($0) })
            case .failed(let code):
                relay.refuse(control: request.number, .notStored(code: code))
            default: relay.end(request.number)
            }
        }
    }

    /// A part of the audit log: the pages after one, `{"page":N,"line":{…}}` for each line.
    mutating func readAudit(_ request: ControlRequest) throws(ControlError) {
        let after = try request.integer("after") ?? 0
        let since = Timestamp(milliseconds: try request.integer("since") ?? 0)
        flushAudit()
        ask(.inspection(.auditPages(after: after, since: since))) { relay, result in
            switch result {
            case .inspection(.auditPages(let pages)):
                for page in pages {
                    let lines = page.lines.split(separator: 0x0a).compactMap {
                        try? JSON(parsing: $0)
                    }
                    relay.reply(
                        request.number,
                        lines.map { ["page": .integer(page.number), "line": $0] })
                }
                relay.end(request.number)
            case .failed(let code):
                relay.refuse(control: request.number, .notStored(code: code))
            default: relay.end(request.number)
            }
        }
    }

    private func json(_ kind: StoredKind) -> JSON {
        var members = [
            JSON.Member("type", "stored"), JSON.Member("kind", .string(kind.name)),
            JSON.Member("count", .integer(kind.count)),
            JSON.Member("byteCount", .integer(kind.byteCount)),
        ]
        if let oldest = kind.oldest, let newest = kind.newest {
            members.append(JSON.Member("oldest", .string(oldest.description)))
            members.append(JSON.Member("newest", .string(newest.description)))
        }
        return .object(members)
    }
}
