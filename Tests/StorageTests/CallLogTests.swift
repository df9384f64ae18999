import Clock
import Foundation
import Relay
import Testing

@testable import Storage

@Suite struct CallLogTests {
    private func call(
        _ id: Int64, from caller: Int64 = 1, to receiver: Int64 = 2,
        status: CallStatus = .completed, at time: Timestamp = start
    ) -> CallRecord {
        let isOpen = status == .initiated || status == .accepted
        return CallRecord(
            id: CallRecord.lowestID(at: time) + id, caller: caller, receiver: receiver,
            type: "video", status: status, duration: isOpen ? nil : 5, startedAt: time,
            endedAt: isOpen ? nil : time + .seconds(5))
    }

    private func list(
        _ store: TestStore, of account: Int64 = 1, before: Int64? = nil, count: Int = 100
    ) throws -> [CallRecord] {
        let result = try store.perform(
            .calls(.list(account: account, before: before, count: count)))
        guard case .calls(.list(let calls)) = result else { return [] }
        return calls
    }

    @Test func callsAreAddedAndChanged() throws {
        let store = try TestStore()
        var record = call(1, status: .initiated)
        #expect(try store.perform(.calls(.put(record))) == .done)
        #expect(try list(store) == [record])
        record.status = .completed
        record.duration = 7
        record.endedAt = start + .seconds(9)
        _ = try store.perform(.calls(.put(record)))
        #expect(try list(store) == [record])
        #expect(try list(store, of: 2) == [record])
        #expect(try list(store, of: 3) == [])
    }

    @Test func theNewestComeFirst() throws {
        let store = try TestStore()
        let records = (1...10).map { call($0, from: $0 % 2 + 1, to: $0 % 3 + 1) }
        _ = store.perform(records.map { .calls(.put($0)) })
        for account: Int64 in 1...3 {
            let own = records.filter { $0.caller == account || $0.receiver == account }
            var found: [CallRecord] = []
            while case let page = try list(store, of: account, before: found.last?.id, count: 2),
                !page.isEmpty
            {
                #expect(page.count <= 2)
                found += page
            }
            #expect(found == own.reversed())
        }
    }

    @Test func aRestartEndsWhatWasUnderWay() throws {
        let store = try TestStore()
        for (id, status) in [CallStatus.initiated, .accepted, .missed].enumerated() {
            _ = try store.perform(.calls(.put(call(Int64(id), status: status))))
        }
        store.close()
        let later = start + .seconds(3600)
        try store.open(at: later)
        let calls = try list(store)
        #expect(calls.map(\.status) == [.missed, .dropped, .dropped])
        #expect(calls.map(\.endedAt) == [start + .seconds(5), later, later])
        #expect(calls.map(\.duration) == [5, 0, 0])
    }

    @Test func oldCallsAreForgotten() throws {
        let store = try TestStore()
        _ = try store.perform(.calls(.put(call(1))))
        _ = try store.perform(.calls(.put(call(1, at: start + .seconds(86_400)))))
        _ = try store.perform(.cleanUp(now: start + .seconds(29 * 86_400)))
        #expect(try list(store).count == 2)
        _ = try store.perform(.cleanUp(now: start + .seconds(30 * 86_400 + 1)))
        #expect(try list(store).map(\.startedAt) == [start + .seconds(86_400)])
    }
}
