import Foundation
import JSON
import SDP
import Support
import Testing

/// What the JSON form of every description is must be what its schema says.
@Suite struct SchemaTests {
    private static let schema: JSON? = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/SDP/sdp.schema.json")
        return (try? Data(contentsOf: file)).flatMap { try? JSON(parsing: [UInt8]($0)) }
    }()

    @Test(arguments: Corpus.all)
    func theJSONFormIsWhatTheSchemaSays(_ file: VectorFile) throws {
        let schema = Schema(root: try #require(Self.schema))
        let description = try SessionDescription(parsing: file.bytes)
        let json = try JSON(parsing: description.encodedJSON(sdpType: "offer"))
        #expect(schema.faults(of: json) == [])
    }

    @Test(arguments: [
        #"{"type":"sessionDescription","lineEnding":"\n"}"#,
        #"{"type":"sessionDescription","lineEnding":"x","media":[]}"#,
        #"{"type":"sessionDescription","lineEnding":"\n","media":[{"port":"9"}]}"#,
        #"{"type":"sessionDescription","lineEnding":"\n","media":[{"typo":1}]}"#,
        #"{"type":"sessionDescription","lineEnding":"\n","media":[{"direction":"both"}]}"#,
    ])
    func theSchemaRefuses(_ text: String) throws {
        let schema = Schema(root: try #require(Self.schema))
        #expect(schema.faults(of: try JSON(parsing: text)) != [])
    }
}

/// The part of JSON Schema (2020-12) that our schemas use.
struct Schema {
    let root: JSON

    func faults(of json: JSON) -> [String] { faults(of: json, by: root, at: "$") }

    private func faults(of json: JSON, by schema: JSON, at path: String) -> [String] {
        var faults: [String] = []
        for member in schema.members ?? [] {
            if !isMet(member, of: schema, by: json, at: path, &faults) {
                faults.append("\(path): \(member.name)")
            }
        }
        return faults
    }

    private func isMet(
        _ member: JSON.Member, of schema: JSON, by json: JSON, at path: String,
        _ faults: inout [String]
    ) -> Bool {
        let rule = member.value
        switch member.name {
        case "$ref":
            let name = rule.string?.split(separator: "/").last.map { String($0) } ?? ""
            faults += self.faults(of: json, by: root["$defs"]?[name] ?? .null, at: path)
        case "type": return json.typeNames.contains(rule.string ?? "")
        case "const": return json == rule
        case "enum": return rule.array?.contains(json) ?? false
        case "oneOf":
            return rule.array?.count { self.faults(of: json, by: $0, at: path) == [] } == 1
        case "anyOf":
            return rule.array?.contains { self.faults(of: json, by: $0, at: path) == [] } ?? false
        case "required": return rule.array?.allSatisfy { json[$0.string ?? ""] != nil } ?? false
        case "minimum": return (json.integer ?? 0) >= (rule.integer ?? 0)
        case "maximum": return (json.integer ?? 0) <= (rule.integer ?? 0)
        case "pattern":
            guard let text = json.string, let regex = try? Regex(rule.string ?? "") else {
                return true
            }
            return text.contains(regex)
        case "items":
            for (index, element) in (json.array ?? []).enumerated() {
                faults += self.faults(of: element, by: rule, at: "\(path)[\(index)]")
            }
        case "properties", "additionalProperties":
            checkMembers(of: json, member.name, schema, path, &faults)
        default: break
        }
        return true
    }

    private func checkMembers(
        of json: JSON, _ name: String, _ schema: JSON, _ path: String, _ faults: inout [String]
    ) {
        for member in json.members ?? [] {
            let path = "\(path).\(member.name)"
            let own = schema["properties"]?[member.name]
            if name == "properties", let own {
                faults += self.faults(of: member.value, by: own, at: path)
            } else if name != "properties", own == nil, let rule = schema["additionalProperties"] {
                if rule == false { faults.append("\(path): not known") }
                faults += self.faults(of: member.value, by: rule, at: path)
            }
        }
    }
}

extension JSON {
    fileprivate var typeNames: [String] {
        switch self {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .number: integer == nil ? ["number"] : ["number", "integer"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        case .raw: []
        }
    }
}
