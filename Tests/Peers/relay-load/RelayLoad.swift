// relay-load JOB NAME=VALUE...
//
// Drives a server as many clients at once and prints what came of it as one JSON object. All jobs:
//
//     port=N pid=N            where the server listens, and which process it is
//     users=FILE              a line a user: its id, a space, its token
//     clients=N               how many of them connect
//     dialect=socketio|nats   what the server speaks
//     message=signal|message|kept
//
// Jobs:
//
//     exchange in-flight=N seconds=S    each pair keeps N messages under way
//     pace rate=N seconds=S             so many messages a second, whatever the server does
//     keep in-flight=N seconds=S        messages for the users that did not connect
//     join at-once=N                    nothing but connecting
//     soak rate=N signal-rate=N seconds=S settling=S
//                                       reliable pairs that come back when they are cut off
//     hold                              connects, says so, and waits for the end of its input
//
// The server's CPU time is taken at both ends of the time that counts, from /proc.
import Glibc

@main struct RelayLoad {
    static func main() {
        guard let job = Job(Array(CommandLine.arguments.dropFirst())) else { exit(64) }
        guard let result = job.run() else {
            print("relay-load: the server lost or refused a client")
            exit(76)
        }
        print(result)
        exit(0)  // Without closing thousands of connections one by one.
    }
}

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The CPU seconds that a process has taken, user and system, in hundredths (proc(5)).
func cpuSeconds(of process: Int) -> Double {
    guard let stat = fopen("/proc/\(process)/stat", "r") else { return 0 }
    defer { fclose(stat) }
    var line = [UInt8](repeating: 0, count: 1024)
    let count = fread(&line, 1, line.count, stat)
    let text = String(decoding: line[..<count], as: UTF8.self)
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
        return 0
    }
    return (user + system) / Double(sysconf(CInt(_SC_CLK_TCK)))
}

func readUsers(_ path: String) -> [User] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
        text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        return words.count == 2 ? User(id: String(words[0]), token: String(words[1])) : nil
    }
}
