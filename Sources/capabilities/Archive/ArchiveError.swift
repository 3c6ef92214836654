internal import Linux
public import Model

/// Why an archive could not be read or written: the operation, the path inside the archive or root, and the reason.
public enum ArchiveError: ReadableError, Hashable, Sendable {
    /// The archive ends too early, after the entry at `path`.
    case truncated(path: String)
    /// The archive is damaged or not an archive.
    case damaged(path: String, reason: String)
    /// An entry's name or link leads out of the root.
    case escape(path: String)
    /// A bound was passed: its name and value.
    case bound(name: String, limit: Int64, path: String)
    /// There is nothing at the path.
    case notFound(path: String)
    /// The path is not a directory.
    case notADirectory(path: String)
    /// The archive wants to replace what may not be replaced; Docker's words.
    case conflict(path: String, message: String)
    /// A system call failed: its name and `errno`.
    case system(operation: String, path: String, errno: Int32)
    /// The command line is wrong.
    case usage(String)

    /// What is wrong with which entry or file.
    public var message: String {
        switch self {
        case .truncated(let path): Self.at(path, "unexpected EOF")
        case .damaged(let path, let reason): Self.at(path, reason)
        case .conflict(_, let message): message
        case .escape(let path): Self.at(path, "the entry leads out of the root")
        case .bound(let name, let limit, let path): Self.at(path, "more than \(limit) \(name)")
        case .notFound(let path): "open \(path): no such file or directory"
        case .notADirectory(let path): "\(path) is not a directory"
        case .system(let operation, let path, let code):
            Self.at(path.isEmpty ? operation : operation + " " + path, LinuxError.text(code))
        case .usage(let text): text
        }
    }

    private static func at(_ place: String, _ reason: String) -> String {
        place.isEmpty ? reason : "\(place): \(reason)"
    }
}

/// What unpacking may use before it stops.
public struct UnpackLimits: Hashable, Sendable {
    /// Bytes of the uncompressed archive, and the largest size a file may claim.
    public var totalBytes: Int64 = 1 << 40
    /// Entries of the archive.
    public var entries: Int64 = 1 << 24
    /// Bytes of one extended attribute.
    public var attributeBytes = 64 << 10

    /// The defaults: 1 TiB, 16 Mi entries, 64 KiB.
    public init() {}
}
