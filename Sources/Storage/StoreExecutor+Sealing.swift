internal import CSQLite
internal import Clock
internal import Crypto
internal import Platform
internal import Relay

// A row holds: nonce (12 bytes), then sealed with AES-256-GCM under the key of the hour: the
// message key (16) and the event. The header binds it to its row, its receiver and its hour.

extension StoreExecutor {
    /// How much longer a row is than its event.
    static let sealingByteCount = 12 + 16 + 16

    func seal(
        _ key: MessageKey, _ event: [UInt8], receiver: Int64, row: Int64, hour: Int64
    ) -> [UInt8]? {
        guard let hourKey = try? keys.makeKey(for: hour) else { return nil }
        let nonce = randomBytes(AEADKey.nonceByteCount)
        let header = Self.header(receiver, row, hour)
        return hourKey.bytes.withBytes { hourKey in
            nonce
                + AEADKey.seal(
                    .aes256GCM, key: hourKey, key.bytes + event, nonce: nonce, header: header)
        }
    }

    /// The message of a row; nil where its key is erased, or the row was tampered with.
    func open(_ sealed: [UInt8], receiver: Int64, row: Int64, hour: Int64) -> KeptMessage? {
        guard sealed.count >= Self.sealingByteCount, let hourKey = keys.key(for: hour) else {
            return nil
        }
        let nonce = Array(sealed.prefix(AEADKey.nonceByteCount))
        let body = Array(sealed.dropFirst(AEADKey.nonceByteCount))
        let header = Self.header(receiver, row, hour)
        let opened = hourKey.bytes.withBytes { hourKey in
            try? AEADKey.open(.aes256GCM, key: hourKey, body, nonce: nonce, header: header)
        }
        guard let opened else { return nil }
        return KeptMessage(
            row: row, key: MessageKey(opened.prefix(16)), event: Array(opened.dropFirst(16)))
    }

    static func header(_ numbers: Int64...) -> [UInt8] {
        numbers.flatMap { number in
            (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
        }
    }

    /// An hour's key goes once the youngest message under it is too old.
    ///
    /// - Parameters:
    ///   - oldest: of the queue, in seconds since 1970.
    ///   - oldestEntry: of the history.
    func eraseKeys(endedBefore oldest: Int64, history oldestEntry: Int64) throws(SQLiteError) {
        let base = StoreKeys.historyBase
        do throws(SystemError) {
            try keys.eraseKeys(of: 0..<max(0, oldest / 3600))
            try keys.eraseKeys(of: base..<base + max(0, oldestEntry / 3600))
        } catch {
            throw SQLiteError(keyFile: error.message)
        }
    }
}
