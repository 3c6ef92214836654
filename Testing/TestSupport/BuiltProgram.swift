import Glibc

/// Programs of this package, found beside the running test binary.
public enum BuiltProgram {
    /// The directory of the build's products.
    public static var directory: String {
        guard let buffer = realpath("/proc/self/exe", nil) else { return "." }
        defer { free(buffer) }
        let path = String(cString: buffer)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// The absolute path of a built program, e.g. `sereno-keeper`; throws when it was not built.
    public static func path(_ name: String) throws -> String {
        let path = directory + "/" + name
        guard access(path, X_OK) == 0 else { throw TestFailure("find", path) }
        return path
    }

    /// Whether the program was built (a focused build leaves some out).
    public static func exists(_ name: String) -> Bool { access(directory + "/" + name, X_OK) == 0 }
}
