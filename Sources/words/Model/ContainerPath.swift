/// Paths inside containers as text.
public enum ContainerPath {
    /// The absolute path without doubled slashes and dots. `..` is resolved by text alone, as Go's path.Clean does. A path
    /// without a leading slash counts from the root.
    public static func cleaned(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(byte: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Whether a clean path is `directory` or lies below it.
    public static func isInside(_ path: String, _ directory: String) -> Bool {
        directory == "/" || path == directory || path.hasPrefix(bytes: directory + "/")
    }
}
