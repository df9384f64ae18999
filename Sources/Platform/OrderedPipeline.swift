internal import Glibc

/// One of several that share a stream of batches: each takes a batch, works on it beside the
/// others, and gives it out when its turn comes.
///
/// The three calls come from one thread at a time, in this order, again and again. All workers of a
/// pipeline share their input and their output; the pipeline sees to it that only one reads at a
/// time and only one writes, so neither needs a lock.
public protocol OrderedWorker: AnyObject {
    associatedtype Fault: Error

    /// Takes the next batch in; false where there is none and none will come.
    func read() throws(Fault) -> Bool
    /// Works on the batch, beside the other workers.
    func process() throws(Fault)
    /// Gives the batch out, in the order in which the batches were read.
    func write() throws(Fault)
    /// Makes a `read` that waits return false, from any thread; called when another worker failed.
    func interrupt()
}

/// Runs batches through workers, a thread for each, in order; the calling thread is one of them.
///
/// A fault ends it all: batches read before the one at fault are still written, those after it
/// never are. The memory is what the workers hold.
///
/// - Throws: the fault of the earliest batch that has one.
public func runInOrder<Worker: OrderedWorker>(_ workers: [Worker]) throws(Worker.Fault) {
    let turns = Turns<Worker.Fault>()
    var threads: [Thread] = []
    for worker in workers.dropFirst() {
        let run = Lane(worker, turns, all: workers).body
        // Where the system has no thread to spare, the ones there are do the work.
        if let thread = try? Thread("worker", run) { threads.append(thread) }
    }
    if let first = workers.first { Lane(first, turns, all: workers).run() }
    for thread in threads { thread.join() }
    if let fault = turns.fault { throw fault }
}

/// How many workers there is use for: the processors that this process may run on, at most four.
public var usefulWorkerCount: Int {
    max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}

/// One worker and its way through the turns.
private final class Lane<Worker: OrderedWorker>: @unchecked Sendable {
    private let worker: Worker
    private let turns: Turns<Worker.Fault>
    private let all: [Worker]

    init(_ worker: Worker, _ turns: Turns<Worker.Fault>, all: [Worker]) {
        self.worker = worker
        self.turns = turns
        self.all = all
    }

    /// The worker belongs to one thread, and the turns keep what it shares with others apart.
    var body: @Sendable () -> Void {
        nonisolated(unsafe) let run: () -> Void = run
        return { run() }
    }

    func run() {
        while let turn = turns.beginReading() {
            var fault: Worker.Fault?
            var hasBatch = true
            do throws(Worker.Fault) { hasBatch = try worker.read() } catch { fault = error }
            turns.endReading(isLast: !hasBatch || fault != nil)
            guard hasBatch else { return }
            if fault == nil {
                do throws(Worker.Fault) { try worker.process() } catch { fault = error }
            }
            guard turns.beginWriting(turn) else { return }
            if fault == nil {
                do throws(Worker.Fault) { try worker.write() } catch { fault = error }
            }
            turns.endWriting(fault)
            if fault != nil { for other in all where other !== worker { other.interrupt() } }
        }
    }
}

/// Whose turn it is to read and whose to write.
private final class Turns<Fault: Error>: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let mayRead = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let mayWrite = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var nextToRead = 0
    private var nextToWrite = 0
    private var isReading = false
    private var hasEnded = false
    /// Set once, before the threads are joined.
    private(set) var fault: Fault?

    init() {
        pthread_mutex_init(lock, nil)
        pthread_cond_init(mayRead, nil)
        pthread_cond_init(mayWrite, nil)
    }

    /// The number of the batch to read; nil where there is nothing more to do.
    func beginReading() -> Int? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while isReading && !hasEnded { pthread_cond_wait(mayRead, lock) }
        if hasEnded { return nil }
        isReading = true
        nextToRead += 1
        return nextToRead - 1
    }

    func endReading(isLast: Bool) {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        isReading = false
        if isLast { end() } else { pthread_cond_signal(mayRead) }
    }

    /// Waits for all earlier batches; false where one of them is at fault.
    func beginWriting(_ turn: Int) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while nextToWrite != turn && fault == nil { pthread_cond_wait(mayWrite, lock) }
        return fault == nil
    }

    func endWriting(_ newFault: Fault?) {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        nextToWrite += 1
        if let newFault {
            fault = newFault
            end()
        }
        pthread_cond_broadcast(mayWrite)
    }

    private func end() {
        hasEnded = true
        pthread_cond_broadcast(mayRead)
    }

    deinit {
        pthread_mutex_destroy(lock)
        pthread_cond_destroy(mayRead)
        pthread_cond_destroy(mayWrite)
        lock.deallocate()
        mayRead.deallocate()
        mayWrite.deallocate()
    }
}
