import GoTemplate
import JSONFormat

/// The values of `--filter` in the Engine API's form.
enum FilterOption {
    /// Names and values; a name may come more than once.
    static func pairs(_ words: [String]) -> [(name: String, value: String)] {
        words.compactMap { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return (trimmed(parts[0]).lowercased(), trimmed(parts[1]))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }

    /// The query parameter `{"name":{"value":true}}`; empty when there are no filters.
    static func query(
        _ words: [String], adding more: [(name: String, value: String)] = []
    ) -> [(name: String, value: String)] {
        var byName: [String: Set<String>] = [:]
        for pair in pairs(words) + more { byName[pair.name, default: []].insert(pair.value) }
        guard !byName.isEmpty else { return [] }
        let members = byName.sorted { $0.key < $1.key }.map { name, values in
            (name, JSON.object(JSONObject(values.sorted().map { ($0, true) })))
        }
        return [("filters", JSONPrinter.compact(.object(JSONObject(members))))]
    }
}
