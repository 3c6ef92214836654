internal import Glibc

/// A name in an open directory, and what is done with it there: no other directory is looked at, and a symbolic link of that name
/// is never followed. Names are bytes. The directory must stay open meanwhile.
///
/// Errors name the call and the entry's name.
public struct DirectoryEntry {
    /// The directory.
    public let directory: BorrowedDescriptor
    private let text: [CChar]

    /// A name, which need not be there.
    public init(_ name: [UInt8], in directory: BorrowedDescriptor) {
        self.directory = directory
        text = name.map { CChar(bitPattern: $0) } + [0]
    }

    /// A name given as text.
    public init(_ name: String, in directory: BorrowedDescriptor) { self.init(Array(name.utf8), in: directory) }

    /// What it is; `nil` when it is not there (fstatat(2)).
    public func status() throws(LinuxError) -> FileStatus? {
        var status = stat()
        if fstatat(directory.rawValue, text, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
        if errno == ENOENT { return nil }
        throw failure("stat")
    }

    /// Opens it, close-on-exec (openat(2)); `mode` is that of a file that is made, less the umask. ELOOP for a symbolic link,
    /// ENOTDIR for one where a directory was asked for.
    public func open(_ options: OpenOptions, mode: UInt32 = 0o600) throws(LinuxError) -> OwnedDescriptor {
        let flags = options.rawValue | O_NOFOLLOW | O_CLOEXEC
        let opened = openat(directory.rawValue, text, flags, mode_t(mode))
        guard opened >= 0 else { throw failure("open") }
        return OwnedDescriptor(adopting: opened)
    }

    /// Opens it as a directory, to read its names and to work in it.
    public func openDirectory() throws(LinuxError) -> OwnedDescriptor { try open(.directory) }

    /// Makes it a directory, the mode less the umask (mkdirat(2)).
    public func makeDirectory(mode: UInt32) throws(LinuxError) {
        try check(mkdirat(directory.rawValue, text, mode_t(mode)), "mkdir")
    }

    /// Makes it a symbolic link to any text without a zero byte (symlinkat(2)).
    public func makeSymbolicLink(to target: [UInt8]) throws(LinuxError) {
        try check(symlinkat(target.map { CChar(bitPattern: $0) } + [0], directory.rawValue, text), "symlink")
    }

    /// Makes it another name of a file (linkat(2)).
    public func makeHardLink(to file: DirectoryEntry) throws(LinuxError) {
        try check(linkat(file.directory.rawValue, file.text, directory.rawValue, text, 0), "link")
    }

    /// Makes it a fifo, a socket's name, an empty file or a device of that number; the mode less the umask (mknodat(2)).
    public func makeNode(_ kind: FileStatus.Kind, mode: UInt32, device: UInt64 = 0) throws(LinuxError) {
        try check(mknodat(directory.rawValue, text, mode_t(kind.rawValue | mode), dev_t(device)), "mknod")
    }

    /// The text of a symbolic link (readlinkat(2)); EINVAL for anything else.
    public func target() throws(LinuxError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(directory.rawValue, text, &buffer, buffer.count)
        guard count >= 0 else { throw failure("readlink") }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// Removes a name that is no directory's (unlinkat(2)).
    public func remove() throws(LinuxError) { try check(unlinkat(directory.rawValue, text, 0), "unlink") }

    /// Sets the permission bits (fchmodat(2)); for what is no symbolic link, which it would follow.
    public func setPermissions(_ mode: UInt32) throws(LinuxError) {
        try check(fchmodat(directory.rawValue, text, mode_t(mode), 0), "chmod")
    }

    /// Sets owner and group (fchownat(2)).
    public func setOwner(_ user: UInt32, _ group: UInt32) throws(LinuxError) {
        try check(fchownat(directory.rawValue, text, user, group, AT_SYMLINK_NOFOLLOW), "chown")
    }

    /// Sets the times of the last access and the last change (utimensat(2)).
    public func setTimes(_ time: FileStatus.Time) throws(LinuxError) {
        try check(
            utimensat(directory.rawValue, text, [time.timespec, time.timespec], AT_SYMLINK_NOFOLLOW), "utimensat")
    }

    private func check(_ result: Int32, _ call: String) throws(LinuxError) { if result != 0 { throw failure(call) } }

    private func failure(_ call: String) -> LinuxError {
        let code = errno
        let name = text.dropLast().map { UInt8(bitPattern: $0) }
        return LinuxError(call: call, object: String(decoding: name, as: UTF8.self), code: code)
    }
}
