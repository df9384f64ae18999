import CLI
import keygen

@main struct Main {
    /// Nothing but the call: a closure here would link Swift's concurrency runtime.
    static func main() { MultiCall("parley-keys", ["keygen": Keygen.self]).main() }
}
