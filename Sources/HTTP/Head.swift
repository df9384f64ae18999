/// The lines of a message before its body: gathered until they are whole, then taken apart.
struct HeadGatherer {
    private var held: [UInt8] = []
    let limit: Int

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { held.isEmpty }

    /// Takes bytes up to the empty line that ends the head, and gives them with it; nil while it
    /// has not come.
    mutating func next(_ input: inout ArraySlice<UInt8>) throws(HTTPError) -> ArraySlice<UInt8>? {
        if held.isEmpty, let end = endOfHead(input, from: input.startIndex) {
            guard end - input.startIndex <= limit else { throw .headTooLarge }
            defer { input = input[end...] }
            return input[..<end]
        }
        let before = held.count
        held.append(contentsOf: input.prefix(max(0, limit + 1 - before)))
        if let end = endOfHead(held[...], from: max(0, before - 3)), end <= limit {
            defer { held = [] }
            input = input.dropFirst(end - before)
            return held[..<end]
        }
        guard held.count <= limit else { throw .headTooLarge }
        input = []
        return nil
    }

    private func endOfHead(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var at = start + 3
        while at < bytes.endIndex {
            switch bytes[at] {
            case 0x0a:
                if bytes[at &- 2] == 0x0a, bytes[at &- 1] == 0x0d, bytes[at &- 3] == 0x0d {
                    return at + 1
                }
                at += 2
            case 0x0d: at += 1
            default: at += 4
            }
        }
        return nil
    }
}

/// Takes lines off a head; every line must end with CR LF, and have neither inside.
struct HeadLines {
    private var rest: ArraySlice<UInt8>

    init(_ head: ArraySlice<UInt8>) { rest = head }

    mutating func next(orThrow error: HTTPError) throws(HTTPError) -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }),
            rest[end] == 0x0d, end + 1 < rest.endIndex, rest[end + 1] == 0x0a
        else { throw error }
        defer { rest = rest[(end + 2)...] }
        return rest[..<end]
    }

    /// The fields up to the empty line (RFC 9112 section 5).
    mutating func fields(limit: Int) throws(HTTPError) -> Fields {
        var fields = Fields()
        while true {
            let line = try next(orThrow: .malformedField)
            if line.isEmpty { return fields }
            guard fields.all.count < limit else { throw .tooManyFields }
            let (name, value) = try field(line)
            fields.append(name, value)
        }
    }

    private func field(_ line: ArraySlice<UInt8>) throws(HTTPError) -> (String, String) {
        if line.first == 0x20 || line.first == 0x09 { throw .obsoleteLineFolding }
        let name = line.prefix { $0.isTokenCharacter }
        guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == 0x3a else {
            throw .malformedField
        }
        var value = line[(name.endIndex + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        guard value.allSatisfy(\.isFieldValueCharacter) else { throw .malformedField }
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
