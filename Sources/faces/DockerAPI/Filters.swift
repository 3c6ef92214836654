import JSONFormat
public import Model

/// The `filters` parameter: values by name, `{"label":["a","b=c"]}` or the older `{"label":{"a":true}}`.
public struct Filters: Sendable, Hashable {
    private var values: [String: [String]] = [:]

    /// Filters that let everything through.
    public init() {}

    /// Parses the parameter. Names outside `accepted`, where it is given, are refused with dockerd's text.
    public init(parsing text: String, accepting accepted: Set<String>? = nil) throws(RequestError) {
        guard !text.isEmpty else { return }
        let json: JSON
        do throws(JSONSyntaxError) {
            json = try JSON(parsing: text.utf8)
        } catch {
            throw .invalid("invalid filter: \(error.message)")
        }
        guard case .object(let object) = json else { throw .invalid("invalid filter: not an object") }
        for member in object {
            guard accepted?.contains(member.name) ?? true else { throw .invalid("invalid filter '\(member.name)'") }
            switch member.value {
            case .array(let elements): values[member.name, default: []] += elements.compactMap(\.string)
            case .object(let set): values[member.name, default: []] += set.map(\.name)
            case .null: break
            case .bool, .number, .string: throw .invalid("invalid filter '\(member.name)'")
            }
        }
    }

    /// The values of a filter; `nil` when there is none of that name.
    public subscript(_ name: String) -> [String]? {
        guard let values = values[name], !values.isEmpty else { return nil }
        return values
    }

    /// Whether one value of a filter satisfies a test; true when there is no filter of that name.
    public func matches(_ name: String, where test: (String) -> Bool) -> Bool {
        self[name]?.contains(where: test) ?? true
    }

    /// Whether labels include every value (`key` or `key=value`) of a filter.
    public func matchesLabels(_ labels: TextMap, name: String = "label") -> Bool {
        self[name]?.allSatisfy { Self.carries(labels, $0) } ?? true
    }

    /// Whether labels include `key` or `key=value`.
    static func carries(_ labels: TextMap, _ wanted: String) -> Bool {
        let (name, value) = wanted.cut(at: "=")
        guard let found = labels[String(name)] else { return false }
        return value.map { found.isSame(bytes: $0) } ?? true
    }

    /// The single truth value of a filter; `nil` when there is no filter of that name.
    public func flag(_ name: String) throws(RequestError) -> Bool? {
        guard let values = self[name] else { return nil }
        let truths = Set(values.map { ["1", "true", "t"].contains($0.lowercased()) })
        let known = values.allSatisfy { ["0", "1", "true", "false", "t", "f"].contains($0.lowercased()) }
        guard known, truths.count == 1, let truth = truths.first else {
            throw .invalid("invalid filter '\(name)=[\(values.joined(separator: " "))]'")
        }
        return truth
    }
}
