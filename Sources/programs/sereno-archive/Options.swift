internal import Archive
internal import Model

/// A verb and its `--name value` options; names may repeat, some take no value.
struct Options {
    let verb: String
    private var values: [String: [String]] = [:]
    private static let flags: Set<String> = ["--plain", "--no-overwrite-dir-non-dir"]

    init(_ arguments: [String]) throws(ArchiveError) {
        guard let verb = arguments.first else { throw .usage("a verb is missing") }
        self.verb = verb
        var rest = arguments.dropFirst()
        while let name = rest.popFirst() {
            guard name.hasPrefix("--") else { throw .usage("unexpected argument \(name)") }
            if Self.flags.contains(name) {
                values[name, default: []].append("")
            } else if let value = rest.popFirst() {
                values[name, default: []].append(value)
            } else {
                throw .usage("\(name) needs a value")
            }
        }
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    func optional(_ name: String) -> String? { values[name]?.last }

    func required(_ name: String) throws(ArchiveError) -> String {
        guard let value = optional(name) else { throw .usage("\(verb) needs \(name)") }
        return value
    }

    /// The path that a verb works on.
    func path() throws(ArchiveError) -> PathBytes {
        guard let digits = optional("--path-bytes") else { return PathBytes(Array(try required("--path").utf8)) }
        guard let path = PathBytes(hexadecimal: digits) else { throw .usage("--path-bytes needs hexadecimal digits") }
        return path
    }

    func number(_ name: String) throws(ArchiveError) -> Int64? {
        guard let text = optional(name) else { return nil }
        guard let number = Int64(text), number >= 0 else { throw .usage("\(name) needs a number") }
        return number
    }
}
