import CLinux
import Glibc

/// All clients of one run, on one epoll.
final class Crowd {
    private(set) var clients: [Client] = []
    /// Whether a connection has ended.
    private(set) var hasLost = false
    private let poller = shim_epoll_create()
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var events = [epoll_event](repeating: epoll_event(), count: 1024)

    deinit { close(poller) }

    /// Connects a client for each user, so many at a time.
    func join(
        _ users: [User], port: UInt16, _ dialect: Dialect, _ message: Message, atOnce: Int = 64
    ) -> Bool {
        var (joined, opening) = (0, 0)
        clients.reserveCapacity(users.count)
        while joined < users.count {
            while opening < atOnce, clients.count < users.count {
                guard let client = Client(port: port, users[clients.count], dialect, message)
                else { return false }
                _ = shim_epoll_ctl(
                    poller, EPOLL_CTL_ADD, client.descriptor, shim_EPOLLIN | shim_EPOLLOUT,
                    UInt64(clients.count))
                clients.append(client)
                opening += 1
            }
            for (index, _) in wait(milliseconds: 1000) {
                let client = clients[index]
                switch client.stage {
                case .lost: return false
                case .joined:
                    joined += 1
                    opening -= 1
                case .opening, .greeted: break
                }
            }
        }
        return true
    }

    /// Waits, reads what has come, and says to whom how much came.
    func wait(milliseconds: CInt) -> [(client: Int, messages: Int)] {
        let ready = epoll_wait(poller, &events, CInt(events.count), milliseconds)
        var came: [(client: Int, messages: Int)] = []
        came.reserveCapacity(max(0, Int(ready)))
        for at in 0..<max(0, Int(ready)) {
            let (index, what) = (Int(events[at].data.u64), events[at].events)
            let client = clients[index]
            if what & shim_EPOLLOUT != 0 {
                client.flush()
                _ = shim_epoll_ctl(
                    poller, EPOLL_CTL_MOD, client.descriptor, shim_EPOLLIN, UInt64(index))
            }
            if what & ~shim_EPOLLOUT != 0 {
                came.append((index, client.receive(&buffer)))
                if client.stage == .lost { hasLost = true }
            }
        }
        return came
    }
}
