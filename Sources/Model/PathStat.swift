/// A file of a container as the archive requests describe it.
public struct PathStat: Sendable, Hashable, Codable {
    public var name: String
    public var size: Int64
    /// Bits of Go's `os.FileMode`: permissions in the low nine, ModeDir 1<<31, ModeSymlink 1<<27 and so on.
    public var mode: UInt32
    public var modified: WallTime
    public var linkTarget: String

    public init(name: String, size: Int64, mode: UInt32, modified: WallTime, linkTarget: String) {
        self.name = name
        self.size = size
        self.mode = mode
        self.modified = modified
        self.linkTarget = linkTarget
    }
}
