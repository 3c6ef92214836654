/// The `filters` parameter: values by name, `{"label":["a","b=c"]}` or the older `{"label":{"a":true}}`.
public struct Filters: Sendable, Hashable {
    private var values: [String: [String]] = [:]

    /// No filters.
    public init() {}

    /// Parses the parameter; names that are not in `accepted` are refused with dockerd's text.
    public init(parsing text: String, accepting accepted: Set<String>) throws(RequestError) {
        guard !text.isEmpty else { return }
        let json: JSON
        do throws(JSONSyntaxError) {
            json = try JSON(parsing: text.utf8)
        } catch {
            throw .invalid("invalid filter: \(error.message)")
        }
        guard case .object(let object) = json else { throw .invalid("invalid filter: not an object") }
        for member in object.members {
            guard accepted.contains(member.name) else { throw .invalid("invalid filter '\(member.name)'") }
            switch member.value {
            case .array(let elements): values[member.name, default: []] += elements.compactMap(\.text)
            case .object(let set): values[member.name, default: []] += set.members.map(\.name)
            case .null: break
            case .bool, .integer, .number, .string: throw .invalid("invalid filter '\(member.name)'")
            }
        }
    }

    /// The values of a name; `nil` when it does not filter.
    public subscript(_ name: String) -> [String]? {
        guard let values = values[name], !values.isEmpty else { return nil }
        return values
    }

    /// Whether one of the values of a name satisfies a test; true when the name does not filter.
    public func matches(_ name: String, where test: (String) -> Bool) -> Bool {
        self[name]?.contains(where: test) ?? true
    }

    /// Whether every `label` value (`key` or `key=value`) is carried.
    public func matchesLabels(_ labels: [String: String], name: String = "label") -> Bool {
        self[name]?.allSatisfy { Self.carries(labels, $0) } ?? true
    }

    /// Whether a `key` or `key=value` is among labels.
    static func carries(_ labels: [String: String], _ wanted: String) -> Bool {
        let parts = wanted.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = parts.first, let value = labels[String(key)] else { return false }
        return parts.count == 1 || value == parts[1]
    }

    /// The one truth value of a name; `nil` when it does not filter.
    public func flag(_ name: String) throws(RequestError) -> Bool? {
        guard let values = self[name] else { return nil }
        let truths = Set(values.map { ["1", "true", "t"].contains($0.lowercased()) })
        let known = values.allSatisfy { ["0", "1", "true", "false", "t", "f"].contains($0.lowercased()) }
        guard known, truths.count == 1, let truth = truths.first else {
            throw .invalid("invalid filter '\(name)=\(values)'")
        }
        return truth
    }
}

/// The little of regular expressions that name filters use: literals, `.`, `*`, `^`, `$`, and `|` between wholes.
/// The cost is bounded by the square of the text's length for each star (after Kernighan and Pike).
struct NamePattern {
    private let alternatives: [[UInt8]]

    init(_ text: String) {
        alternatives = text.split(separator: "|", omittingEmptySubsequences: false).map { alternative in
            Array(alternative.utf8.filter { $0 != 0x5C && $0 != 0x28 && $0 != 0x29 })
        }
    }

    /// Whether the pattern occurs in a text.
    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return alternatives.contains { pattern in
            if pattern.first == 0x5E { return Self.here(pattern[1...], bytes[...]) }
            return (0...bytes.count).contains { Self.here(pattern[...], bytes[$0...]) }
        }
    }

    private static func here(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var pattern = pattern
        var text = text
        while let wanted = pattern.first {
            let rest = pattern.dropFirst()
            if let next = rest.first, next == 0x2A || next == 0x2B {
                return star(wanted, atLeast: next == 0x2B ? 1 : 0, rest.dropFirst(), text)
            }
            if wanted == 0x24, rest.isEmpty { return text.isEmpty }
            guard let byte = text.first, wanted == 0x2E || wanted == byte else { return false }
            pattern = rest
            text = text.dropFirst()
        }
        return true
    }

    private static func star(
        _ wanted: UInt8, atLeast: Int, _ rest: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>
    ) -> Bool {
        var text = text
        var taken = 0
        while true {
            if taken >= atLeast, here(rest, text) { return true }
            guard let byte = text.first, wanted == 0x2E || wanted == byte else { return false }
            text = text.dropFirst()
            taken += 1
        }
    }
}
