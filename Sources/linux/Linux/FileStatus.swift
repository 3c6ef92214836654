internal import Glibc

/// What stat(2) tells of a file.
public struct FileStatus: Hashable, Sendable {
    /// What a file is, by the S_IFMT bits of its mode (inode(7)).
    public enum Kind: UInt32, Hashable, Sendable {
        case fifo = 0o010000
        case characterDevice = 0o020000
        case directory = 0o040000
        case blockDevice = 0o060000
        case regular = 0o100000
        case symbolicLink = 0o120000
        case socket = 0o140000
    }

    /// A time of a file.
    public struct Time: Hashable, Sendable {
        /// Since 1970; negative before.
        public var seconds: Int64
        /// 0 to 999,999,999.
        public var nanoseconds: Int64

        /// A time by its parts.
        public init(seconds: Int64, nanoseconds: Int64 = 0) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        var timespec: timespec { Glibc.timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds)) }
    }

    /// `nil` for what the kernel may have one day.
    public let kind: Kind?
    /// Permission bits with set-user-ID (0o4000), set-group-ID (0o2000) and sticky (0o1000).
    public let permissions: UInt32
    /// Owner.
    public let user: UInt32
    /// Group.
    public let group: UInt32
    /// Bytes; of a symbolic link those of its target.
    public let size: Int64
    /// When the content was last changed.
    public let modified: Time
    /// The file system that it is in.
    public let device: UInt64
    /// Its number there.
    public let inode: UInt64
    /// How many names it has.
    public let linkCount: UInt64
    /// Of a device node: major and minor number as one.
    public let deviceNumber: UInt64

    init(_ status: stat) {
        kind = Kind(rawValue: status.st_mode & S_IFMT)
        permissions = status.st_mode & 0o7777
        user = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        modified = Time(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = UInt64(status.st_nlink)
        deviceNumber = UInt64(status.st_rdev)
    }

    /// Of the file at a path; a symbolic link as the last name is followed unless told otherwise.
    public init(of path: String, followingLinks: Bool = true) throws(LinuxError) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            throw LinuxError(call: followingLinks ? "stat" : "lstat", object: path, code: errno)
        }
        self.init(status)
    }

    /// Of an open file.
    public init(of file: BorrowedDescriptor) throws(LinuxError) {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else {
            throw LinuxError(call: "stat", object: "an open file", code: errno)
        }
        self.init(status)
    }

    /// Kind and permissions as one number, as st_mode has them.
    public var mode: UInt32 { (kind?.rawValue ?? 0) | permissions }

    /// Whether it is a directory.
    public var isDirectory: Bool { kind == .directory }

    /// The parts of a device's number.
    public var deviceParts: (major: UInt32, minor: UInt32) {
        let number = deviceNumber
        return (
            UInt32(truncatingIfNeeded: number >> 8) & 0xFFF | UInt32(truncatingIfNeeded: number >> 32) & 0xFFFF_F000,
            UInt32(truncatingIfNeeded: number) & 0xFF | UInt32(truncatingIfNeeded: number >> 12) & 0xFFFF_FF00
        )
    }

    /// A device's number by its parts (makedev(3)).
    public static func deviceNumber(major: UInt32, minor: UInt32) -> UInt64 {
        let high = UInt64(major & 0xFFFF_F000) << 32 | UInt64(major & 0xFFF) << 8
        return high | UInt64(minor & 0xFFFF_FF00) << 12 | UInt64(minor & 0xFF)
    }
}
