import CLI
import recvmsg
import relay_login
import sendmsg
import signal_relay

@main struct Main {
    /// Nothing but the call: a closure here would link Swift's concurrency runtime.
    static func main() {
        MultiCall(
            "parley-net",
            [
                "recvmsg": RecvMsg.self, "relay-login": RelayLogin.self, "sendmsg": SendMsg.self,
                "signal-relay": SignalRelay.self,
            ]
        ).main()
    }
}
