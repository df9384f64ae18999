internal import JSON

/// Writes the fields of one line as members of an object that is open.
struct FieldWriter {
    var json: JSONWriter

    mutating func text(_ name: String, _ text: String?) {
        guard let text else { return }
        json.name(name)
        json.string(text)
    }

    mutating func number(_ name: String, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        json.name(name)
        json.exact(number)
    }

    mutating func texts(_ name: String, _ texts: [String]) {
        list(name, texts) { $0.json.string($1) }
    }

    mutating func list<Element>(
        _ name: String, _ elements: [Element], _ write: (inout FieldWriter, Element) -> Void
    ) {
        json.name(name)
        json.beginArray()
        for element in elements { write(&self, element) }
        json.endArray()
    }

    /// An array of objects.
    mutating func objects<Element>(
        _ name: String, _ elements: [Element], _ write: (inout FieldWriter, Element) -> Void
    ) {
        list(name, elements) { fields, element in fields.object { write(&$0, element) } }
    }

    mutating func object(_ name: String? = nil, _ write: (inout FieldWriter) -> Void) {
        if let name { json.name(name) }
        json.beginObject()
        write(&self)
        json.endObject()
    }

    /// As an object: a value is a string, a name alone is true, and what a name has several times is
    /// an array in the place of the first.
    mutating func parameters(_ name: String?, _ parameters: Parameters) {
        object(name) { writer in
            for (name, values) in parameters.gathered {
                writer.json.name(name)
                if values.count > 1 { writer.json.beginArray() }
                for value in values { writer.json.parameterValue(value) }
                if values.count > 1 { writer.json.endArray() }
            }
        }
    }
}

extension JSONWriter {
    /// A whole number that every reader keeps exactly: from 2^53 on as a string.
    mutating func exact(_ number: some BinaryInteger) {
        if number < 1 << 53 { integer(number) } else { string(String(number)) }
    }

    fileprivate mutating func parameterValue(_ value: String?) {
        if let value { string(value) } else { bool(true) }
    }
}

extension Parameters {
    /// The values of each name, in the order in which the names come first.
    var gathered: [(name: String, values: [String?])] {
        var places: [String: Int] = [:]
        var gathered: [(name: String, values: [String?])] = []
        for parameter in all {
            if let place = places[parameter.name] {
                gathered[place].values.append(parameter.value)
            } else {
                places[parameter.name] = gathered.count
                gathered.append((parameter.name, [parameter.value]))
            }
        }
        return gathered
    }
}
