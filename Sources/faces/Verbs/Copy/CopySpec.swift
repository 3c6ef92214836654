import Flags
import Model

/// The arguments of `cp`, and the rules for where things end up: those of `cp -a`, as Docker has them.
enum CopySpec {
    /// One side of a copy.
    enum Side: Hashable {
        case standardStream
        case local(String)
        case container(String, path: String)
    }

    /// Parses `CONTAINER:PATH`, a local path, or `-`.
    static func side(_ text: String) -> Side {
        if text == "-" { return .standardStream }
        if text.hasPrefix(bytes: "/") { return .local(text) }
        let parts = text.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].hasPrefix(bytes: ".") else { return .local(text) }
        return parts[0].isEmpty ? .local(String(parts[1])) : .container(String(parts[0]), path: String(parts[1]))
    }

    /// The facts about a path.
    struct Place: Hashable {
        var path: String
        var exists: Bool
        var isDirectory: Bool
    }

    /// Whether the end of a path marks a directory: `a/`, `a/.`.
    static func saysDirectory(_ path: String) -> Bool { path.hasSuffix(bytes: "/") || saysContents(path) }

    /// Whether the end of a path marks a directory's contents: `a/.`.
    static func saysContents(_ path: String) -> Bool { path == "." || path.hasSuffix(bytes: "/.") }

    /// The directory and the last part of a path; the last part is `.` for a directory's contents.
    static func split(_ path: String) -> (directory: String, base: String) {
        if saysContents(path) { return (LocalPath.clean(path), ".") }
        return LocalPath.split(path)
    }

    /// The target of a source: the directory in which to unpack, and the name of its top there.
    static func target(source: Place, sourceBase: String, destination: Place) throws(ExitFailure)
        -> (directory: String, name: String)
    {
        let path = LocalPath.clean(destination.path)
        if destination.exists, destination.isDirectory { return (path, sourceBase) }
        if destination.exists, source.isDirectory { throw ExitFailure("cannot copy directory") }
        let (directory, base) = LocalPath.split(destination.path)
        if destination.exists || source.isDirectory { return (directory, base) }
        if saysDirectory(destination.path) { throw ExitFailure("no such directory") }
        return (directory, base)
    }

    /// A member's name with the archive's top renamed.
    static func rebase(_ name: [UInt8], from old: String, to new: String) -> [UInt8] {
        let (old, new) = (old == "/" ? [] : Array(old.utf8), Array(new.utf8))
        if old == new { return name }
        if old.isEmpty { return name.first == 0x2F ? new + name : new + [0x2F] + name }
        guard name.starts(with: old), name.count == old.count || name[old.count] == 0x2F else { return name }
        return new + name[old.count...]
    }
}
