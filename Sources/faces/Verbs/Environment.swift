import Glibc

/// The environment of this process.
enum Environment {
    /// All variables; the first of two with the same name counts, as with getenv(3).
    static func all() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, variables[String(parts[0])] == nil { variables[String(parts[0])] = String(parts[1]) }
            next = next.advanced(by: 1)
        }
        return variables
    }
}
