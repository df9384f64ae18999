import JSON
import SDP
import SDPRules
import Testing

/// The JSON form of a description is judged as the text is.
@Suite struct JSONFormLintTests {
    private func places(_ findings: [Finding]) -> [String] {
        findings.map { finding in
            let place = finding.position.map { "\($0.line):\($0.column)" } ?? "-"
            return "\(place) \(finding.rule.identifier)"
        }
    }

    @Test func findingsStandWhereTheyStandInTheText() throws {
        let text = Sample.webrtcOffer.text.edited([
            .replace("a=mid:0", "a=mid:0 "), .replace("a=mid:1", "a=mid: 1"),
            .replace("a=sctp-port:5000", "a=sctp-port:x"),
            .replace("a=ice-options:trickle", "a=ice-lite"),
        ])
        let description = try SessionDescription(parsing: text)
        let form = try SessionDescription(json: JSON(parsing: description.encodedJSON()))
        let expected = places(description.lint(as: .offer))
        #expect(places(form.lint(as: .offer)) == expected)
        #expect(expected.count >= 3)
    }

    /// A line that was put in counts in the lines behind it.
    @Test func linesAreThoseOfTheNewText() throws {
        let description = try SessionDescription(parsing: Sample.webrtcOffer.text)
        var json = try JSON(parsing: description.encodedJSON())
        guard case .object(var members) = json else {
            Issue.record("the form is no object")
            return
        }
        members.append(JSON.Member("information", "new"))
        json = .object(members)
        let form = try SessionDescription(json: json)
        let printed = try SessionDescription(parsing: form.text)
        #expect(form.allLines.map(\.number) == printed.allLines.map(\.number))
        #expect(form.lines.first { $0.type == .information }?.number == 4)
    }
}
