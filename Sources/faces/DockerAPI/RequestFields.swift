public import JSONFormat
public import Model

/// The members of a request's JSON object, read by the rules of Go's decoder. Names count in any case, `null` is
/// absent, and the last of two equal names counts. Unknown names are ignored; type errors have Go's texts.
public struct RequestFields: Sendable {
    private let members: [String: JSON]
    private let path: String

    /// The members of an object. `type` is the name that error texts show.
    public init(_ json: JSON, type: String) throws(RequestError) {
        path = type
        switch json {
        case .object(let object):
            members = Dictionary(
                object.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { _, last in last })
        case .null: members = [:]
        case .bool, .number, .string, .array:
            throw .invalid("invalid JSON: json: cannot unmarshal \(json.kind) into Go value of type \(type)")
        }
    }

    /// The value of a member; `nil` when it is absent or `null`.
    public func value(_ name: String) -> JSON? {
        guard let value = members[name.lowercased()], value != .null else { return nil }
        return value
    }

    /// A text; empty when absent.
    public func string(_ name: String) throws(RequestError) -> String {
        guard let value = value(name) else { return "" }
        guard let text = value.string else { throw mismatch(name, value, "string") }
        return try whole(text, name)
    }

    /// A truth value; `nil` when absent.
    public func optionalFlag(_ name: String) throws(RequestError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let flag) = value else { throw mismatch(name, value, "bool") }
        return flag
    }

    /// A truth value; false when absent.
    public func flag(_ name: String) throws(RequestError) -> Bool { try optionalFlag(name) ?? false }

    /// A whole number; `nil` when absent. `5.0` counts as whole.
    public func optionalInteger(_ name: String) throws(RequestError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard case .number(let written) = value else { throw mismatch(name, value, "int64") }
        guard let number = value.integer else {
            throw .invalid(
                "invalid JSON: json: cannot unmarshal number \(written) into Go struct field \(path).\(name) of type int64"
            )
        }
        return number
    }

    /// A whole number; 0 when absent.
    public func integer(_ name: String) throws(RequestError) -> Int64 { try optionalInteger(name) ?? 0 }

    /// A list of texts; `nil` when absent.
    public func optionalStrings(_ name: String) throws(RequestError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.array else { throw mismatch(name, value, "[]string") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw mismatch(name, element, "string") }
            texts.append(try whole(text, name))
        }
        return texts
    }

    /// A list of texts; empty when absent.
    public func strings(_ name: String) throws(RequestError) -> [String] { try optionalStrings(name) ?? [] }

    /// A list of texts; a single text becomes a list of one (Docker's `strslice`). `nil` when absent.
    public func argumentList(_ name: String) throws(RequestError) -> [String]? {
        if let text = value(name)?.string { return [try whole(text, name)] }
        return try optionalStrings(name)
    }

    /// Texts by name; empty when absent.
    public func stringMap(_ name: String) throws(RequestError) -> TextMap {
        guard let value = value(name) else { return [:] }
        guard case .object(let object) = value else { throw mismatch(name, value, "map[string]string") }
        var map = TextMap()
        for member in object {
            _ = try whole(member.name, name)
            if member.value == .null {
                map[member.name] = ""
            } else if let text = member.value.string {
                map[member.name] = try whole(text, name)
            } else {
                throw mismatch(name, member.value, "string")
            }
        }
        return map
    }

    /// The names of a Go set such as `ExposedPorts`, sorted.
    public func nameSet(_ name: String) throws(RequestError) -> [String] {
        TextMap(try map(name).map { (key: $0.name, value: "") }).names
    }

    /// The members of an object in their order; empty when absent.
    public func map(_ name: String) throws(RequestError) -> JSONObject {
        guard let value = value(name) else { return JSONObject() }
        guard case .object(let object) = value else { throw mismatch(name, value, "map") }
        for member in object { _ = try whole(member.name, name) }
        return object
    }

    /// A nested object; `nil` when absent.
    public func object(_ name: String) throws(RequestError) -> RequestFields? {
        guard let value = value(name) else { return nil }
        return try RequestFields(value, type: "\(path).\(name)")
    }

    /// A list of nested objects; empty when absent.
    public func objects(_ name: String) throws(RequestError) -> [RequestFields] {
        guard let value = value(name) else { return [] }
        guard let elements = value.array else { throw mismatch(name, value, "slice") }
        var objects: [RequestFields] = []
        for element in elements { objects.append(try RequestFields(element, type: "\(path).\(name)")) }
        return objects
    }

    /// The text; refused if it holds a NUL, where the kernel would end it but the checks here would not.
    private func whole(_ text: String, _ name: String) throws(RequestError) -> String {
        guard !text.utf8.contains(0) else {
            throw .invalid("invalid \(path).\(name): it holds a NUL character, which no program can be given")
        }
        return text
    }

    private func mismatch(_ name: String, _ value: JSON, _ type: String) -> RequestError {
        .invalid(
            "invalid JSON: json: cannot unmarshal \(value.kind) into Go struct field \(path).\(name) of type \(type)")
    }
}
