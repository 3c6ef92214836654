/// Answer of `sereno-archive` on its result descriptor, as one JSON object. Fields that a verb has no value for are left out.
public struct ArchiveAnswer: Hashable, Sendable, Codable {
    /// Failure of the verb; with it every other field is left out.
    public var error: Failure?
    /// Digest of the uncompressed tar: `sha256:` and 64 digits.
    public var diffID: String?
    /// Bytes of regular files, each counted once.
    public var size: Int64?
    /// Bytes of the uncompressed tar.
    public var tarSize: Int64?
    /// Number of entries in the tar.
    public var entries: Int64?
    /// File at the requested path.
    public var stat: Stat?
    /// Changes in an upper directory, sorted by path.
    public var changes: [PathChange]?

    /// An answer with a failure, or an empty one.
    public init(error: Failure? = nil) { self.error = error }

    /// A failure: its operation, its object and its cause.
    public struct Failure: Hashable, Sendable, Codable {
        /// The verb, or the system call.
        public var operation: String
        /// The path of the failure; empty where there is none.
        public var path = ""
        /// The cause, for people to read.
        public var reason = ""
        /// The kind of failure, for programs to act on.
        public var kind = Kind.archive
        /// The errno(3) number; only with `system`.
        public var errno: Int32?

        /// Kinds of failure.
        public enum Kind: String, Hashable, Sendable, Codable {
            case archive, truncated, bound, conflict, system, usage
            case notFound = "not-found"
            case notADirectory = "not-a-directory"
        }

        /// A failure of an operation, to be filled in.
        public init(operation: String) { self.operation = operation }
    }

    /// The form of a `PathStat` in the answer.
    public struct Stat: Hashable, Sendable, Codable {
        private var name: String
        private var size: Int64
        private var mode: UInt32
        private var mtime: String
        private var linkTarget: String

        /// The form of `stat`.
        public init(_ stat: PathStat) {
            name = stat.name
            size = stat.size
            mode = stat.mode
            mtime = stat.modified.rfc3339Nano
            linkTarget = stat.linkTarget
        }

        /// The file that was described. A time that does not parse becomes 1970-01-01.
        public var description: PathStat {
            PathStat(
                name: name, size: size, mode: mode, modified: WallTime(rfc3339: mtime) ?? WallTime(nanoseconds: 0),
                linkTarget: linkTarget)
        }
    }
}
