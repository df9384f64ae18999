internal import JSON

/// A request of an operator that waits for its answer, by a number of its owner's.
public typealias ControlNumber = Int

/// One request that operators make through the control socket: a row of the table.
struct ControlRoute: Sendable {
    /// Answers with `reply` as often as it likes, and then once with `end` or `refuse`, now or
    /// when a result has come.
    typealias Action =
        @Sendable (inout RelayServer, ControlRequest) throws(ControlError) -> Void

    /// What the request's member `request` says: `queue.list`.
    let name: String
    let action: Action

    init(_ name: String, _ action: @escaping Action) {
        self.name = name
        self.action = action
    }
}

/// What an operator asks for: an object on a line.
struct ControlRequest {
    /// Under which it is answered.
    let number: ControlNumber
    /// The object's bytes, for members that must not become strings.
    let body: [UInt8]
    let members: JSON

    /// The text of a member; nil where it is left out.
    func text(_ name: String) throws(ControlError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.string else { throw .badField(name) }
        return text
    }

    /// The number of a member; nil where it is left out.
    func integer(_ name: String) throws(ControlError) -> Int64? {
        guard let value = members[name], value != .null else { return nil }
        guard let number = value.integer else { throw .badField(name) }
        return number
    }

    func flag(_ name: String) -> Bool { members[name]?.bool ?? false }
}
