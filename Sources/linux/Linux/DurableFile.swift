internal import Glibc
public import Model

/// A file operation that failed, with the object and the kernel's reason.
public struct FileError: ReadableError, Hashable, Sendable {
    /// What was tried.
    public enum Operation: String, Hashable, Sendable {
        case open, read, write, truncate, sync, rename, link, makeDirectory, remove, list, status

        /// The operation in a sentence.
        public var words: String {
            switch self {
            case .makeDirectory: "make directory"
            case .status: "stat"
            case .open, .read, .write, .truncate, .sync, .rename, .link, .remove, .list: rawValue
            }
        }
    }

    /// What was tried.
    public let operation: Operation
    /// On which path.
    public let path: String
    /// The `errno` it ended with.
    public let code: Int32

    /// An error of `operation` on `path`.
    public init(_ operation: Operation, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether there was no room for it: ENOSPC or EDQUOT.
    public var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether the object was not there: ENOENT.
    public var isMissing: Bool { code == ENOENT }

    /// Whether what stands there is no ordinary file, or no directory where one was looked for, so that trying again does not help.
    public var isOfAnotherKind: Bool { [EISDIR, ENOTDIR, ELOOP, ENXIO].contains(code) }

    /// Whether the file system takes no writes: EROFS.
    public var isReadOnly: Bool { code == EROFS }
}

extension FileError {
    /// One line for people.
    public var message: String { "\(operation.words) \(path): \(LinuxError.text(code))" }
}

/// The steps from which durable files are made; each is one step that a crash can fall before or after.
///
/// No function follows a symbolic link in the last component of its path, waits for the other end of a fifo or opens a device:
/// what is no ordinary file is refused with ENXIO.
public enum DurableFile {
    /// Makes or truncates a file and writes all bytes; nothing is durable before `sync`. Without a mode a new file has 0600 less
    /// the umask; with one the file has exactly that. On failure the file is removed again.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32? = nil) throws(FileError) {
        let descriptor = try open(path, O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(descriptor) }
        var code = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        if code == 0, let mode, fchmod(descriptor, mode_t(mode)) != 0 { code = errno }
        if code != 0 {
            _ = unlink(path)
            throw FileError(.write, path, code: code)
        }
    }

    /// Appends all bytes, making the file when it is missing; on failure the file has its old length again.
    /// Returns the length before.
    @discardableResult
    public static func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64 {
        let descriptor = try open(path, O_WRONLY | O_CREAT | O_APPEND)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(.status, path, code: errno) }
        let code = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        if code != 0 {
            _ = ftruncate(descriptor, status.st_size)
            throw FileError(.write, path, code: code)
        }
        return Int64(status.st_size)
    }

    /// Cuts a file to a length in bytes.
    public static func truncate(_ path: String, to length: Int64) throws(FileError) {
        let descriptor = try open(path, O_WRONLY)
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw FileError(.truncate, path, code: errno) }
    }

    /// The whole of a file, which is read up to `limit` bytes; a longer file is refused with EFBIG.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
        let descriptor = try open(path, O_RDONLY)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(.status, path, code: errno) }
        if status.st_mode & S_IFMT == S_IFDIR { throw FileError(.read, path, code: EISDIR) }
        guard Int(status.st_size) <= limit else { throw FileError(.read, path, code: EFBIG) }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size) + 1) { buffer, count in
            while count < buffer.count {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    code = errno
                    return
                }
            }
        }
        if code != 0 { throw FileError(.read, path, code: code) }
        return bytes
    }

    /// Makes a file's content durable: fsync(2).
    public static func sync(_ path: String) throws(FileError) {
        let descriptor = try open(path, O_RDONLY)
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(.sync, path, code: errno) }
    }

    /// Makes the names in a directory durable.
    public static func syncDirectory(_ path: String) throws(FileError) {
        let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(.sync, path, code: errno) }
    }

    /// Gives a file another name, replacing what has it.
    public static func rename(_ old: String, to new: String) throws(FileError) {
        guard Glibc.rename(old, new) == 0 else { throw FileError(.rename, old, code: errno) }
    }

    /// Removes a file; a missing one is no error.
    public static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.remove, path, code: errno) }
    }

    /// Makes a directory with mode 0700 unless it is there.
    public static func makeDirectory(_ path: String) throws(FileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FileError(.makeDirectory, path, code: errno)
        }
    }

    /// Puts a file in the place of the old one on this machine's disks; `DurableReplacement.replace` says how.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        try OwnDisks().replace(path, with: bytes)
    }

    private struct OwnDisks: DurableReplacement {
        func write(_ bytes: [UInt8], to path: String) throws(FileError) { try DurableFile.write(bytes, to: path) }
        func sync(_ path: String) throws(FileError) { try DurableFile.sync(path) }
        func syncDirectory(_ path: String) throws(FileError) { try DurableFile.syncDirectory(path) }
        func rename(_ old: String, to new: String) throws(FileError) { try DurableFile.rename(old, to: new) }
        func remove(_ path: String) throws(FileError) { try DurableFile.remove(path) }
    }

    private static func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            if descriptor >= 0 {
                var status = stat()
                let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
                if kind == S_IFREG || kind == S_IFDIR { return descriptor }
                close(descriptor)
                throw FileError(.open, path, code: ENXIO)
            }
            if errno != EINTR { throw FileError(.open, path, code: errno) }
        }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
