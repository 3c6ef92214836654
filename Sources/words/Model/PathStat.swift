/// A file of a container as the archive requests describe it.
public struct PathStat: Sendable, Hashable {
    /// The last part of the path.
    public var name: String
    /// Bytes.
    public var size: Int64
    /// Bits of Go's `os.FileMode`: permissions in the low nine, ModeDir 1<<31, ModeSymlink 1<<27 and so on.
    public var mode: UInt32
    /// When its content last changed.
    public var modified: WallTime
    /// Where a symbolic link leads; empty for others.
    public var linkTarget: String

    /// All its parts.
    public init(name: String, size: Int64, mode: UInt32, modified: WallTime, linkTarget: String) {
        self.name = name
        self.size = size
        self.mode = mode
        self.modified = modified
        self.linkTarget = linkTarget
    }
}
