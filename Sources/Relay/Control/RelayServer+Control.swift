internal import Failures
internal import JSON

extension RelayServer {
    /// An operator's request came: an object with the member `request` on a line. Each line of the
    /// answer is an object, too; the last one is `{"end":true}` or has the member `error`.
    public mutating func receive(control line: [UInt8], number: ControlNumber) {
        do throws(ControlError) {
            guard let members = try? JSON(parsing: line), let name = members["request"]?.string
            else { throw .malformed }
            guard let row = ControlRoute.all.first(where: { $0.name == name }) else {
                throw .unknownRequest(name)
            }
            try row.action(&self, ControlRequest(number: number, body: line, members: members))
        } catch { refuse(control: number, error) }
    }

    /// A part of the answer to an operator.
    mutating func reply(_ number: ControlNumber, _ objects: [JSON]) {
        guard !objects.isEmpty else { return }
        emit(.reply(number, lines: objects.map(\.encoded), isLast: false))
    }

    /// The end of an answer, after its last part.
    mutating func end(_ number: ControlNumber, _ objects: [JSON] = []) {
        let last: JSON = ["end": true]
        emit(.reply(number, lines: (objects + [last]).map(\.encoded), isLast: true))
    }

    mutating func refuse(control number: ControlNumber, _ error: ControlError) {
        var members = [
            JSON.Member("kind", .string(error.kind.defaultCode)),
            JSON.Member("code", .string(error.code)),
            JSON.Member("message", .string(error.message)),
        ]
        if let hint = error.hint { members.append(JSON.Member("hint", .string(hint))) }
        let line: JSON = ["error": .object(members)]
        emit(.reply(number, lines: [line.encoded], isLast: true))
    }

    /// The user whom an operator named by id or e-mail address.
    func user(named name: String) throws(ControlError) -> Int {
        let bytes = Array(name.utf8)[...]
        guard let user = directory.user(id: bytes) ?? directory.user(email: bytes) else {
            throw .unknownUser(name)
        }
        return user
    }
}
