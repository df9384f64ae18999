internal import CLI
internal import Crypto
internal import HTTP
internal import HTTPClient
internal import Platform
internal import Relay
internal import TLS

/// Posts notices to a URL.
final class Webhook: HookRunner {
    /// For one post, from the look-up of the name to the last byte of the answer.
    private static let timeout = Duration.seconds(15)

    let kind = "webhook"
    private let loop: EventLoop
    private let url: HTTPURL
    private let target: Target
    private let secret: SharedSecret?
    private let context: Context?
    private let console: Console
    private var exchanges: [String: HTTPExchange] = [:]

    /// - Parameter secret: what posts are signed with.
    init(
        on loop: EventLoop, _ url: HTTPURL, secret: SharedSecret?, _ console: Console
    ) throws {
        self.loop = loop
        self.url = url
        self.secret = secret
        self.console = console
        target = try Target(url.path)
        context = url.origin.isSecure ? try clientContext() : nil
    }

    func tell(
        _ delivery: HookQueue.Delivery, completion: @escaping (HookQueue.Outcome) -> Void
    ) {
        let request = delivery.request(to: target, secret: secret, at: WallClock().now)
        exchanges[delivery.id] = HTTPExchange(
            request, to: url.origin, on: loop, context: context, timeout: Self.timeout
        ) { [weak self] result in
            self?.exchanges[delivery.id] = nil
            completion(self?.outcome(of: result) ?? .failed)
        }
    }

    func cancel() { exchanges = [:] }

    private func outcome(of result: Result<Response, ExchangeFailure>) -> HookQueue.Outcome {
        switch result {
        case .success(let response):
            let outcome = HookQueue.Outcome(response)
            if outcome != .told { console.warn("the webhook answers \(response.status.rawValue)") }
            return outcome
        case .failure(let failure):
            console.warn("the webhook cannot be reached: \(failure.message)")
            return .failed
        }
    }
}
