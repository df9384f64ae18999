internal import Failures

/// The end of a run of which messages were sent and not answered, for whatever reason it ended.
struct OutcomeUnknown: Failure {
    let cause: any Failure
    /// The messages that the relay may have.
    let count: Int

    var kind: FailureKind { cause.kind }
    var code: String { cause.code }
    var message: String { cause.message }

    var hint: String? {
        let what =
            count == 1 ? "the message without answer" : "the \(count) messages without answer"
        let advice =
            "the relay may have \(what), so send the same again: it stores none twice"
        return cause.hint.map { "\($0); \(advice)" } ?? advice
    }
}
