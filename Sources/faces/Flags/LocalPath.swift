import Linux
import Model

/// Paths of this machine as text. Only the working directory is read from the file system.
package enum LocalPath {
    /// An absolute path without `.`, `..` and doubled slashes, as Go's filepath.Abs returns it.
    package static func absolute(_ path: String) -> String {
        if path.hasPrefix(bytes: "/") { return clean(path) }
        return clean((CurrentProcess.workingDirectory ?? "") + "/" + path)
    }

    /// A path without `.`, `..` and doubled slashes, as Go's path.Clean returns it.
    package static func clean(_ path: String) -> String {
        let isAbsolute = path.hasPrefix(bytes: "/")
        var parts: [Substring] = []
        for part in path.split(byte: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let text = parts.joined(separator: "/")
        if isAbsolute { return "/" + text }
        return text.isEmpty ? "." : text
    }

    /// The parts of a path before and after the last slash, as Go's path.Dir and path.Base return them.
    package static func split(_ path: String) -> (directory: String, base: String) {
        let cleaned = clean(path)
        guard let slash = cleaned.lastIndex(ofByte: "/") else { return (".", cleaned) }
        let directory = cleaned[..<slash]
        let base = cleaned[cleaned.utf8.index(after: slash)...]
        return (directory.isEmpty ? "/" : String(directory), base.isEmpty ? "/" : String(base))
    }
}
