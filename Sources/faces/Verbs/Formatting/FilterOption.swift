import GoTemplate
import JSONFormat
import Model

/// The values of `--filter` in the Engine API's form.
enum FilterOption {
    /// Names and values; a name may come more than once.
    static func pairs(_ words: [String]) -> [(name: String, value: String)] {
        words.compactMap { word in
            let parts = word.split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return (parts[0].trimmedOfBlanks.lowercased(), String(parts[1].trimmedOfBlanks))
        }
    }

    /// The query parameter `{"name":{"value":true}}`; empty when there are no filters.
    static func query(
        _ words: [String], adding more: [(name: String, value: String)] = []
    ) -> [(name: String, value: String)] {
        var byName: [String: [String]] = [:]
        for (name, value) in pairs(words) + more where byName[name]?.contains(where: value.isSame(bytes:)) != true {
            byName[name, default: []].append(value)
        }
        guard !byName.isEmpty else { return [] }
        let members = byName.sorted { $0.key < $1.key }.map { name, values in
            (name, JSON.object(JSONObject(values.sorted().map { ($0, true) })))
        }
        return [("filters", JSONPrinter.compact(.object(JSONObject(members))))]
    }
}
