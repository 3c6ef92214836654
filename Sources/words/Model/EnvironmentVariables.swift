/// Lists of `NAME=value` pairs, as environ(7) has them. Names are bytes: two of them are one only if they are the same bytes.
public enum EnvironmentVariables {
    /// The name of an entry: all before the first `=`.
    public static func name(of entry: String) -> Substring.UTF8View.SubSequence {
        entry[...].utf8.prefix { $0 != UInt8(ascii: "=") }
    }

    /// Entries with the last value of each name, at the place of the first. An entry without `=` is left as it is.
    public static func lastOfEach(_ entries: [String]) -> [String] {
        var places: [[UInt8]: Int] = [:]
        var kept: [String] = []
        for entry in entries {
            let name = Array(name(of: entry))
            guard name.count < entry.utf8.count else {
                kept.append(entry)
                continue
            }
            if let place = places[name] {
                kept[place] = entry
            } else {
                places[name] = kept.count
                kept.append(entry)
            }
        }
        return kept
    }
}
