internal import Glibc
internal import Model

/// The environment of this process (environ(7)).
public enum ProcessVariables {
    /// All variables; the first of two with the same name counts.
    public static var all: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, variables[String(parts[0])] == nil { variables[String(parts[0])] = String(parts[1]) }
            next = next.advanced(by: 1)
        }
        return variables
    }

    /// One variable (getenv(3)); `nil` when it is not set.
    public static func value(of name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
