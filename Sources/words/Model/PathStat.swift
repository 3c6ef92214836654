/// A file of a container as the archive requests describe it.
public struct PathStat: Sendable, Hashable {
    /// The last part of the path.
    public var name: String
    /// Size in bytes.
    public var size: Int64
    /// Mode in the bits of Go's `os.FileMode`: permissions in the low nine, ModeDir 1<<31, ModeSymlink 1<<27 and so on.
    public var mode: UInt32
    /// Time of the last change of its content.
    public var modified: WallTime
    /// Target of a symbolic link; empty for other files.
    public var linkTarget: String

    /// A file from its parts.
    public init(name: String, size: Int64, mode: UInt32, modified: WallTime, linkTarget: String) {
        self.name = name
        self.size = size
        self.mode = mode
        self.modified = modified
        self.linkTarget = linkTarget
    }
}
