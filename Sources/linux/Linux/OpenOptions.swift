internal import CLinux
internal import Glibc

/// How a file is opened (open(2)). O_CLOEXEC is always among it; without `writeOnly` or `readWrite` the file is only read.
public struct OpenOptions: OptionSet, Hashable, Sendable {
    /// The bits of O_*.
    public let rawValue: Int32

    /// By bits of O_*.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// O_WRONLY.
    public static let writeOnly = OpenOptions(rawValue: O_WRONLY)
    /// O_RDWR.
    public static let readWrite = OpenOptions(rawValue: O_RDWR)
    /// O_CREAT: a missing file is made.
    public static let create = OpenOptions(rawValue: O_CREAT)
    /// O_EXCL with `create`: what is there already is EEXIST.
    public static let exclusive = OpenOptions(rawValue: O_EXCL)
    /// O_TRUNC: what is in it goes.
    public static let truncate = OpenOptions(rawValue: O_TRUNC)
    /// O_APPEND: each write goes to the end.
    public static let append = OpenOptions(rawValue: O_APPEND)
    /// O_DIRECTORY: anything else than a directory is ENOTDIR.
    public static let directory = OpenOptions(rawValue: O_DIRECTORY)
    /// O_NOFOLLOW: a symbolic link as the last name is ELOOP.
    public static let noFollow = OpenOptions(rawValue: O_NOFOLLOW)
    /// O_NONBLOCK: neither a fifo nor a device is waited for.
    public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
    /// O_NOCTTY: a terminal does not become the process's own.
    public static let noControllingTerminal = OpenOptions(rawValue: O_NOCTTY)
}

extension OwnedDescriptor {
    /// Opens a file, close-on-exec; `mode` is that of one that is made, less the umask. It waits for the file system.
    public init(opening path: String, _ options: OpenOptions = [], mode: UInt32 = 0o666) throws(LinuxError) {
        let opened = open(path, options.rawValue | O_CLOEXEC, mode_t(mode))
        guard opened >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        self.init(adopting: opened)
    }

    /// Opens a path below a directory as if that were the root: links and `..` end inside, whoever changes the tree meanwhile,
    /// and no link of /proc is followed (openat2(2) with RESOLVE_IN_ROOT, Linux 5.6).
    public init(
        opening path: [UInt8], inRoot root: BorrowedDescriptor, _ options: OpenOptions = []
    ) throws(LinuxError) {
        let opened = clinux_open_in_root_at(
            root.rawValue, path.map { CChar(bitPattern: $0) } + [0], options.rawValue)
        self.init(adopting: try LinuxError.checkOpened(opened, String(decoding: path, as: UTF8.self)))
    }

    /// Opens a directory by a path below another one, to read its names. No link is followed, and neither that directory nor its
    /// mount is left: ELOOP and EXDEV.
    public init(openingDirectory path: [UInt8], beneath top: BorrowedDescriptor) throws(LinuxError) {
        let opened = clinux_open_directory_at(top.rawValue, path.map { CChar(bitPattern: $0) } + [0], 1)
        self.init(adopting: try LinuxError.checkOpened(opened, String(decoding: path, as: UTF8.self)))
    }
}
