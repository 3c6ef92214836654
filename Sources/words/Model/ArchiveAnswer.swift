/// What `sereno-archive` answers on its result descriptor, as one JSON object; what a verb has nothing to say about is left out.
public struct ArchiveAnswer: Hashable, Sendable, Codable {
    /// Why the verb failed; with it nothing else is told.
    public var error: Failure?
    /// `sha256:` and 64 digits, of the uncompressed tar.
    public var diffID: String?
    /// Bytes of regular files, each counted once.
    public var size: Int64?
    /// Bytes of the uncompressed tar.
    public var tarSize: Int64?
    /// How many entries the tar has.
    public var entries: Int64?
    /// What is at the path asked for.
    public var stat: Stat?
    /// What an upper directory changes, sorted by path.
    public var changes: [PathChange]?

    /// An answer that says nothing but the failure, if there is one.
    public init(error: Failure? = nil) { self.error = error }

    /// A failure: of which operation, on what, and why.
    public struct Failure: Hashable, Sendable, Codable {
        /// The verb, or the system call.
        public var operation: String
        /// The path it failed on; empty where there is none.
        public var path = ""
        /// For people.
        public var reason = ""
        /// What a program can do about it.
        public var kind = Kind.archive
        /// The system's error number, of `system` only.
        public var errno: Int32?

        /// What went wrong.
        public enum Kind: String, Hashable, Sendable, Codable {
            case archive, truncated, bound, conflict, system, usage
            case notFound = "not-found"
            case notADirectory = "not-a-directory"
        }

        /// A failure of an operation, to be filled in.
        public init(operation: String) { self.operation = operation }
    }

    /// `PathStat` as it is sent.
    public struct Stat: Hashable, Sendable, Codable {
        private var name: String
        private var size: Int64
        private var mode: UInt32
        private var mtime: String
        private var linkTarget: String

        /// The form of a description.
        public init(_ stat: PathStat) {
            name = stat.name
            size = stat.size
            mode = stat.mode
            mtime = stat.modified.rfc3339Nano
            linkTarget = stat.linkTarget
        }

        /// The description that was sent; 1970 for a time that is none.
        public var description: PathStat {
            PathStat(
                name: name, size: size, mode: mode, modified: WallTime(rfc3339: mtime) ?? WallTime(nanoseconds: 0),
                linkTarget: linkTarget)
        }
    }
}
