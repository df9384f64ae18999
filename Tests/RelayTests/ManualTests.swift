import Foundation
import HTTP
import Testing

@testable import Relay

/// parley-relay(5) says what the tables of the relay say.
///
/// With PARLEY_WRITE_MANUAL=1 in the environment the part about events is written anew.
@Suite struct ManualTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Man/parley-relay.5").standardized
    private static let begin = ".\\\" The events: from the table of routes.\n"
    private static let end = ".\\\" The end of the events.\n"

    private let page: String

    init() throws { page = try String(contentsOf: Self.file, encoding: .utf8) }

    @Test func itsEventsAreThoseOfTheTable() throws {
        let start = try #require(page.range(of: Self.begin)).upperBound
        let end = try #require(page.range(of: Self.end)).lowerBound
        let events = families.map { family, title in
            ".Ss \(title)\n.Bl -tag -width 2n\n"
                + Route.all.filter { $0.family == family }.map(\.manual).joined() + ".El\n"
        }.joined()
        if ProcessInfo.processInfo.environment["PARLEY_WRITE_MANUAL"] == "1" {
            let text = page.replacingCharacters(in: start..<end, with: events)
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        } else {
            #expect(String(page[start..<end]) == events)
        }
    }

    private let families: [(Family, String)] = [
        (.chatAndCalls, "Chat and calls"), (.videoRooms, "Video rooms"),
        (.messaging, "Secure messaging"), (.groupsAndDevices, "Calls between devices"),
        (.privateByDefault, "Private by default"),
    ]

    @Test func everyFamilyHasAPart() {
        #expect(Set(Route.all.map(\.family)) == Set(families.map(\.0)))
    }

    @Test func itsPathsAreThoseOfTheTable() {
        let written = page.split(separator: "\n").filter { $0.hasPrefix(".It Cm ") }
            .map { $0.dropFirst(7).split(separator: " ").map(String.init) }
            .filter { $0.count == 2 && $0[1].hasPrefix("/") }
            .map { "\($0[0]) \(Self.pattern($0[1]))" }
        let known = RESTRoute.all.map { route in
            "\(route.method.rawValue) /" + route.segments.map { $0 ?? "{}" }.joined(separator: "/")
        }
        #expect(Set(written) == Set(known))
        #expect(written.count == known.count)
    }

    private static func pattern(_ path: String) -> String {
        path.split(separator: "/").map { $0.hasPrefix("{") ? "/{}" : "/\($0)" }.joined()
    }

    /// What the relay emits of its own accord, beside what the table makes.
    @Test(arguments: [
        "new_message", "group_message", "group_updated", "group_removed", "group_read",
        "user:online", "user:offline", "userLeft", "callEnded", "recovery:position", "error",
    ])
    func itsOwnEventsAreThere(event: String) {
        #expect(page.contains("\n.It Cm \(event)\n"))
    }
}

extension Route {
    /// The row in mdoc.
    fileprivate var manual: String {
        var lines = [".It Cm \(event)"]
        switch audience {
        case .peer: lines.append("The peer is named by")
        case .roommate: lines.append("A member of a room that the sender is in, too, is named by")
        case .room: lines.append("A room is named by")
        }
        lines += addresses.flatMap { ["or", ".Va \($0)"] }.dropFirst()
        lines[lines.count - 1] += " ."
        if !fields.isEmpty {
            lines.append("Fields:")
            lines += list(fields.map { ($0.name, $0.manual) })
        }
        lines += gets(audience == .room ? "The others get" : "The peer gets", peerGets)
        lines += gets("The sender gets", senderGets)
        if let whenComplete {
            lines += [
                "After the last part the sender gets", ".Cm \(whenComplete)", "with",
                ".Va messageId .",
            ]
        }
        lines += ["Errors come as", ".Cm \(errorEvent) ."]
        lines.append(whenAway)
        if isNoticed { lines.append("Hooks hear of it if the peer is away.") }
        if let audit { lines += ["The audit log has it as", ".Ql \(audit.name) ."] }
        return lines.joined(separator: "\n") + "\n"
    }

    private var whenAway: String {
        switch whenOffline {
        case .error: "A peer without a connection is an error."
        case .ignore: "That nobody has a connection is no error."
        case .keep: "For a peer without a connection it is kept."
        case .post: "For a peer without a connection it waits among what is kept."
        }
    }

    private func gets(_ who: String, _ event: Event?) -> [String] {
        guard let event else { return ["\(who) nothing."] }
        let parts = event.parts.filter { $0.writtenName != nil }
        var lines = [who, ".Cm \(event.name)"]
        if !parts.isEmpty {
            lines += ["with"] + list(parts.map { ($0.writtenName ?? "", $0.manual) })
        }
        if parts.isEmpty { lines[1] += " ." }
        if parts.count < event.parts.count { lines.append("What else the sender wrote follows.") }
        return lines
    }

    private func list(_ items: [(name: String, note: String?)]) -> [String] {
        items.enumerated().flatMap { at, item in
            let mark = at == items.count - 1 ? " ." : " ,"
            guard let note = item.note else { return [".Va \(item.name)\(mark)"] }
            return [".Va \(item.name)", ".Pq \(note)\(mark)"]
        }
    }
}

extension Field {
    fileprivate var manual: String {
        let kind: String =
            switch kind {
            case .string: "string"
            case .text(let limit): "string of at most \(limit) bytes"
            case .textOrNull(let limit): "string of at most \(limit) bytes, or null"
            case .integer: "whole number"
            case .count(let range): "whole number from \(range.lowerBound)"
            case .seconds: "number from 0 to 10^9"
            case .boolean: "true or false"
            case .object: "object"
            case .sessionDescription: "object with strings type and sdp"
            case .any: "any value"
            case .oneOf(let words): words.map(\.description).joined(separator: " or ")
            case .messageID: "1 to 128 printable ASCII characters"
            }
        return isRequired ? kind : "optional; \(kind)"
    }
}

extension Part {
    fileprivate var manual: String? {
        switch self {
        case .senderID: "the sender's user id"
        case .senderName: "the sender's name"
        case .senderEmail: "the sender's e-mail address"
        case .senderSocket: "the sender's socket id"
        case .addressed: "as it was written"
        case .messageID: nil
        case .timestamp: "the relay's time"
        case .roomName: "the two user ids, sorted, with _ between"
        case .constant(_, let text): text
        case .fieldOr(_, let text): "or \(text.filter { $0 != "\"" })"
        case .field, .rest: nil
        }
    }
}
