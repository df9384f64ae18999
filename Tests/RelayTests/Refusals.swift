import JSON
import Testing

@testable import Relay

/// An event with every field that it must or may have, for tests that break one after another.
struct EventSample: Sendable, CustomTestStringConvertible {
    let event: String
    /// The name of the field that names the peer, and the peer or room.
    let address: (name: String, value: String)
    /// Fields by name, as JSON text; an empty list of wrong values means that any will do.
    let fields: [(name: String, value: String, wrong: [String], isRequired: Bool)]
    var errorEvent = "error"

    var testDescription: String { event }

    /// - Parameter members: in place of those that the sample has.
    func text(_ members: [(String, String)]? = nil) -> String {
        let members = members ?? self.members
        let object = members.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",")
        return #"["\#(event)",{\#(object)}]"#
    }

    var members: [(String, String)] {
        [(address.name, #""\#(address.value)""#)] + fields.map { ($0.name, $0.value) }
    }

    /// The event with each field left out, or wrong, or there twice; and the code of the refusal.
    var broken: [(text: String, code: String)] {
        var cases = [
            (text(members.filter { $0.0 != address.name }), "missingField"),
            (#"["\#(event)"]"#, "malformed"), (#"["\#(event)","text"]"#, "malformed"),
            (#"["\#(event)",[]]"#, "malformed"), (#"["\#(event)",null]"#, "malformed"),
        ]
        let (name, value) = members[0]
        for wrong in ["7", "null", "{}", #""""#, "\"\(String(repeating: "x", count: 300))\""] {
            cases.append((text([(name, wrong)] + members.dropFirst()), "badField"))
        }
        cases.append((text(members + [(name, value)]), "badField"))
        for field in fields {
            let others = members.filter { $0.0 != field.name }
            if field.isRequired { cases.append((text(others), "missingField")) }
            for wrong in field.wrong {
                cases.append((text(others + [(field.name, wrong)]), "badField"))
            }
            cases.append((text(members + [(field.name, field.value)]), "badField"))
        }
        return cases
    }

    /// The event with every name in snake case, and in camel case.
    var spellings: [String] {
        [\String.snakeCase, \String.camelCase].map { spelling in
            text(members.map { ($0.0[keyPath: spelling], $0.1) })
        }
    }

    /// Socket 1 sends each broken event: it is told by the right event, and nobody else hears it.
    func expectRefusals(_ relay: TestRelay, bystanders: [SocketNumber]) throws {
        for (text, code) in broken {
            _ = relay.take(1)
            relay.send(1, text, acknowledgement: 9)
            let answers = relay.take(1)
            #expect(answers.count == 1, "\(text): \(answers)")
            let answer = try JSON(parsing: answers.first ?? "[]").array
            #expect(answer?.first?.string == errorEvent, "\(text)")
            #expect(answer?.last?["code"]?.string == code, "\(text)")
            #expect(answer?.last?["message"]?.string?.isEmpty == false)
            #expect(relay.acknowledgements[1]?[9]?.contains(code) == true)
            for socket in bystanders { #expect(relay.take(socket) == [], "\(text)") }
        }
    }
}
