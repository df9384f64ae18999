public import Metrics
internal import Synchronization

/// What the store's thread counted. It is updated once a transaction, and read by another thread.
public final class StoreStatistics: Sendable {
    public struct Values: Sendable {
        /// From the beginning of a transaction to the end of its commit, in microseconds.
        public var transactions = Histogram.microseconds
        /// Operations in a transaction.
        public var batches = Histogram(powers: 0...8)
        public var operations: UInt64 = 0
        public var failures: UInt64 = 0
    }

    private let state = Mutex(Values())

    public var values: Values { state.withLock { $0 } }

    func note(_ operationCount: Int, microseconds: UInt64, failed: Bool) {
        state.withLock {
            $0.transactions.observe(microseconds)
            $0.batches.observe(UInt64(operationCount))
            $0.operations &+= UInt64(operationCount)
            if failed { $0.failures &+= 1 }
        }
    }
}
