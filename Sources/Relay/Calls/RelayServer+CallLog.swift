internal import Clock
internal import HTTP
internal import JSON
internal import Wire

extension RelayServer {
    /// The caller's own calls, the newest first: `limit` of them, and with `before` those that are
    /// older than the call with that id.
    mutating func listCalls(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let count = try pageSize(request.query)
        let before = try request.query["before"].map(Self.callNumber)
        ask(
            .calls(
                .list(
                    account: directory[caller.user].account.number, before: before, count: count)
            )
        ) { $0.didListCalls(request.number, $1) }
    }

    private func pageSize(_ query: Query) throws(RESTError) -> Int {
        guard let text = query["limit"] else { return limits.callsPerPage }
        guard let count = Int(text), count > 0 else {
            throw .badField("limit", "limit must be a whole number from 1 on")
        }
        return min(count, limits.callsPerPage)
    }

    private static func callNumber(_ id: String) throws(RESTError) -> Int64 {
        guard id.utf8.count == callIDLength, let number = Int64(id, radix: 16), number >= 0 else {
            throw .badField("before", "before must be the id of a call")
        }
        return number
    }

    private static let callIDLength = 24

    private mutating func didListCalls(_ number: RequestNumber, _ result: StoreResult) {
        switch result {
        case .calls(.list(let records)):
            let calls = JSON.array(records.map(json))
            emit(.respond(number, .uncached(.ok, ["data": ["calls": calls]])))
        case .failed(let code): refuse(number, .notStored(code: code))
        default: refuse(number, .busy)
        }
    }

    private func json(_ call: CallRecord) -> JSON {
        let digits = String(call.id, radix: 16)
        let id = String(repeating: "0", count: max(0, Self.callIDLength - digits.count)) + digits
        return [
            "id": .string(id), "caller_id": userID(call.caller),
            "receiver_id": userID(call.receiver), "call_type": .string(call.type),
            "status": .string(call.status.rawValue),
            "duration": call.duration.map { .number(String($0)) } ?? .null,
            "started_at": .string(call.startedAt.description),
            "ended_at": call.endedAt.map { .string($0.description) } ?? .null,
        ]
    }

    /// Null for a user who is no more.
    private func userID(_ number: Int64) -> JSON {
        directory.user(number: number).map { .string(directory[$0].account.id) } ?? .null
    }
}
