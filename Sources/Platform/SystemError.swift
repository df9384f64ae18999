public import Failures
internal import Glibc

/// A call that the system refused: its name and its errno.
public struct SystemError: Failure, Equatable {
    /// What was tried, with the name of what it was tried on: `open alice.key`.
    public let call: String
    public let number: CInt
    public let kind: FailureKind

    /// Reads errno, so make it straight after the call.
    public init(_ call: String, kind: FailureKind = .inputOutput) {
        self.init(call, errno: errno, kind: kind)
    }

    public init(_ call: String, errno number: CInt, kind: FailureKind = .inputOutput) {
        self.call = call
        self.number = number
        self.kind = kind
    }

    public var message: String { "\(call): \(reason)" }

    /// What errno means, without the call.
    public var reason: String { String(cString: strerror(number)) }
}
