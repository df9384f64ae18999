internal import Crypto
public import Platform
public import Relay
internal import Wire

/// A thread that makes and checks password hashes, one at a time, away from the loop.
public final class PasswordWorker {
    /// Jobs that may wait; each takes some 30 ms.
    public static let queueLimit = 128

    private struct Job: Sendable {
        let ticket: Ticket
        let job: PasswordJob
    }

    private let queue = WorkQueue<Job>(limit: queueLimit)
    private let thread: Thread

    /// - Parameter deliver: takes each result, on the worker's thread.
    public init(
        deliver: @escaping @Sendable (Ticket, PasswordResult) -> Void
    ) throws(SystemError) {
        let queue = queue
        // A hash takes long, and nobody waits for it who is in already.
        thread = try Thread("passwords", niceness: 10) {
            while let next = queue.takeOne() {
                deliver(next.ticket, PasswordHash.perform(next.job))
            }
        }
    }

    /// - Returns: false where too many wait already; then nothing will be delivered.
    public func submit(_ ticket: Ticket, _ job: PasswordJob) -> Bool {
        queue.add([Job(ticket: ticket, job: job)])
    }

    /// Finishes what waits and ends the thread.
    public func close() {
        queue.close()
        thread.join()
    }
}

/// A password hash in the PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
struct PasswordHash: Equatable {
    let parameters: Argon2id
    let salt: [UInt8]
    let hash: [UInt8]

    /// OWASP's second choice of 2023: 19 MiB and two passes.
    static let parameters = Argon2id(passes: 2, memoryKiB: 19 * 1024)
    private static let hashByteCount = 32
    /// What a stored hash may ask for, so that a damaged one cannot take all memory.
    private static let maximumMemoryKiB = 256 * 1024
    private static let maximumPasses = 10

    static func perform(_ job: PasswordJob) -> PasswordResult {
        switch job {
        case .hash(let password):
            let salt = randomBytes(Argon2id.saltByteCount)
            guard let hash = derive(password, parameters, salt) else { return .busy }
            return .hash(PasswordHash(parameters: parameters, salt: salt, hash: hash).text)
        case .verify(let password, let text, let amongImported):
            if let text, Bcrypt.isHash(text) { return verify(password, imported: text) }
            if amongImported { _ = try? check(password, decoy) }
            guard let stored = text.flatMap(PasswordHash.init) else {
                let salt = [UInt8](repeating: 0, count: Argon2id.saltByteCount)
                return derive(password, parameters, salt) == nil ? .busy : .isRight(false)
            }
            guard let hash = derive(password, stored.parameters, stored.salt) else { return .busy }
            return .isRight(constantTimeEqual(hash, stored.hash))
        }
    }

    /// A hash that no password has, or none that is known, of the usual cost.
    private static let decoy = "$2b$10$" + String(repeating: ".", count: 53)

    private static func check(
        _ password: SharedSecret, _ hash: String
    ) throws(LibcryptMissing) -> Bool {
        try password.bytes.withBytes { password throws(LibcryptMissing) in
            try Bcrypt.verify(password: password, hash: hash)
        }
    }

    /// Makes the hash of today whether the old one is right or not: it takes as long either way.
    private static func verify(_ password: SharedSecret, imported: String) -> PasswordResult {
        let isRight: Bool
        do throws(LibcryptMissing) { isRight = try check(password, imported) } catch {
            return .unsupported
        }
        let made = perform(.hash(password))
        guard isRight else { return .isRight(false) }
        guard case .hash(let hash) = made else { return .busy }
        return .isRightAnew(hash: hash)
    }

    private static func derive(
        _ password: SharedSecret, _ parameters: Argon2id, _ salt: [UInt8]
    ) -> [UInt8]? {
        let derived = try? password.bytes.withBytes { password throws(OutOfMemory) in
            try parameters.derive(password: password, salt: salt, count: hashByteCount)
        }
        guard let derived else { return nil }
        return derived.withBytes { Array($0) }
    }

    var text: String {
        "$argon2id$v=19$m=\(parameters.memoryKiB),t=\(parameters.passes),p=1$"
            + Base64.unpadded.encode(salt) + "$" + Base64.unpadded.encode(hash)
    }

    init(parameters: Argon2id, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "", parts[1] == "argon2id", parts[2] == "v=19" else {
            return nil
        }
        let costs = parts[3].split(separator: ",").map { $0.split(separator: "=").last ?? "" }
        guard costs.count == 3, let memory = Int(costs[0]), let passes = Int(costs[1]),
            costs[2] == "1", (8...Self.maximumMemoryKiB).contains(memory),
            (1...Self.maximumPasses).contains(passes),
            let salt = Base64.unpadded.decode(parts[4]), salt.count == Argon2id.saltByteCount,
            let hash = Base64.unpadded.decode(parts[5]), hash.count == Self.hashByteCount
        else { return nil }
        self.init(parameters: Argon2id(passes: passes, memoryKiB: memory), salt: salt, hash: hash)
    }
}
