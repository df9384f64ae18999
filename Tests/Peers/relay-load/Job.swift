import Glibc

/// One measurement.
struct Job {
    private let name: String
    private let settings: [String: String]
    private let port: UInt16
    private let process: Int
    private let users: [User]
    private let absent: [User]
    private let dialect: Dialect
    private let message: Message

    /// How long the load runs before it counts.
    private static let warmUp = 0.5

    init?(_ words: [String]) {
        guard let name = words.first else { return nil }
        self.name = name
        var settings: [String: String] = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            settings[String(parts[0])] = String(parts[1])
        }
        guard let port = UInt16(settings["port"] ?? ""), let process = Int(settings["pid"] ?? ""),
            let count = Int(settings["clients"] ?? ""),
            let dialect = Dialect(rawValue: settings["dialect"] ?? "socketio"),
            let message = Message(rawValue: settings["message"] ?? "signal")
        else { return nil }
        let users = readUsers(settings["users"] ?? "")
        guard users.count >= count else { return nil }
        (self.port, self.process, self.dialect, self.message) = (port, process, dialect, message)
        (self.users, absent) = (Array(users[..<count]), Array(users[count...]))
        self.settings = settings
    }

    private func number(_ name: String, _ otherwise: Double) -> Double {
        settings[name].flatMap(Double.init) ?? otherwise
    }

    /// What came of it as a JSON object; nil where a client was lost.
    func run() -> String? {
        if name == "soak" {
            let soak = Soak(
                users, port: port, rate: number("rate", 1000),
                signalRate: number("signal-rate", 1000))
            return soak.run(seconds: number("seconds", 600), settling: number("settling", 20))
        }
        let crowd = Crowd()
        let (start, cpu) = (now(), cpuSeconds(of: process))
        guard
            crowd.join(
                users, port: port, dialect, message, atOnce: Int(number("at-once", 64)))
        else { return nil }
        switch name {
        case "join":
            let measured = Measured(users.count, now() - start, cpuSeconds(of: process) - cpu)
            return measured.text
        case "hold":
            _ = write(1, "held\n", 5)
            while !inputHasEnded() {
                _ = crowd.wait(milliseconds: 100)  // Pings are answered meanwhile.
            }
            return "{}"
        case "exchange", "keep":
            return prepare(crowd) ? exchange(crowd) : nil
        case "pace": return prepare(crowd) ? pace(crowd) : nil
        default: return nil
        }
    }

    /// Whether the input has ended.
    private func inputHasEnded() -> Bool {
        var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    private func prepare(_ crowd: Crowd) -> Bool {
        for (index, client) in crowd.clients.enumerated() {
            let peer: User
            if name == "keep" {
                guard !absent.isEmpty else { return false }
                peer = absent[index % absent.count]
            } else {
                peer = users[index ^ 1]
            }
            client.frame = dialect.frame(message.text(to: peer, dialect))
        }
        return true
    }

    /// Each message that arrives lets the next one go.
    private func exchange(_ crowd: Crowd) -> String? {
        let inFlight = Int(number("in-flight", 1))
        // Of a pair one begins, and then they answer each other; senders to the absent all begin.
        for index in stride(from: 0, to: crowd.clients.count, by: name == "keep" ? 1 : 2) {
            crowd.clients[index].send(times: inFlight)
        }
        var meter = Meter(process, after: Self.warmUp, for: number("seconds", 4))
        while !meter.isOver {
            for (index, messages) in crowd.wait(milliseconds: 100) where messages > 0 {
                crowd.clients[index].send(times: messages)
                meter.count(messages)
            }
            if crowd.hasLost { return nil }
            meter.tick()
        }
        return meter.measured.text
    }

    /// Messages are sent when they are due, and their latency counts from then.
    private func pace(_ crowd: Crowd) -> String? {
        let gap = 1 / number("rate", 10_000)
        var meter = Meter(process, after: Self.warmUp, for: number("seconds", 4))
        var (next, sender) = (now(), 0)
        var latencies: [Double] = []
        while !meter.isOver {
            while next <= now() {
                crowd.clients[sender].due.append(next)
                crowd.clients[sender].send()
                next += gap
                sender = (sender + 1) % crowd.clients.count
            }
            for (index, messages) in crowd.wait(milliseconds: 0) where messages > 0 {
                let peer = crowd.clients[index ^ 1]
                guard peer.due.count >= messages else { return nil }
                let arrived = now()
                if meter.isCounting { latencies += peer.due[..<messages].map { arrived - $0 } }
                peer.due.removeFirst(messages)
                meter.count(messages)
            }
            meter.tick()
        }
        var measured = meter.measured
        measured.latencies = latencies.sorted()
        return measured.text
    }
}

/// Takes the time, the messages and the server's CPU once the load has run for a while.
private struct Meter {
    private let process: Int
    private let begin: Double
    private let seconds: Double
    private var start = 0.0
    private var cpu = 0.0
    private var messages = 0
    private(set) var measured = Measured(0, 1, 0)
    private(set) var isOver = false

    init(_ process: Int, after warmUp: Double, for seconds: Double) {
        self.process = process
        self.seconds = seconds
        begin = now() + warmUp
    }

    var isCounting: Bool { start > 0 }

    mutating func count(_ more: Int) { if isCounting { messages += more } }

    mutating func tick() {
        let time = now()
        if !isCounting {
            guard time >= begin else { return }
            cpu = cpuSeconds(of: process)
            start = now()
        } else if time >= start + seconds {
            measured = Measured(messages, time - start, cpuSeconds(of: process) - cpu)
            isOver = true
        }
    }
}

private struct Measured {
    let count: Int
    let seconds: Double
    let cpu: Double
    var latencies: [Double] = []

    init(_ count: Int, _ seconds: Double, _ cpu: Double) {
        (self.count, self.seconds, self.cpu) = (count, seconds, cpu)
    }

    var text: String {
        var text = "{\"count\":\(count),\"seconds\":\(seconds),\"cpu\":\(cpu)"
        if !latencies.isEmpty {
            func quantile(_ share: Double) -> Double {
                latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
            }
            text += ",\"p50\":\(quantile(0.5)),\"p99\":\(quantile(0.99))"
        }
        return text + "}"
    }
}
