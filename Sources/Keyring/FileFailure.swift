public import Failures

/// What is wrong with the contents of a file that the user named.
public struct FileFailure: Failure {
    public let path: String
    public let reason: any Failure

    public init(_ path: String, _ reason: any Failure) {
        self.path = path
        self.reason = reason
    }

    public var kind: FailureKind { reason.kind }
    public var code: String { reason.code }
    public var message: String { "\"\(path)\": \(reason.message)" }
    public var hint: String? { reason.hint }
}
