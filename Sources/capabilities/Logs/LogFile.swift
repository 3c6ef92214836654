internal import Glibc
internal import Linux

/// An open log file.
struct LogFile: ~Copyable {
    private let descriptor: Int32
    let identity: Identity

    /// Which file it is, whatever its name.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }

        /// The file that has a name now.
        init?(path: String) {
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            self.init(status)
        }
    }

    enum Access { case read, append, create, overwrite }

    init(_ path: String, _ access: Access) throws(FileError) {
        let flags =
            switch access {
            case .read: O_RDONLY
            case .append: O_RDWR | O_CREAT | O_APPEND
            case .overwrite: O_RDWR | O_CREAT
            case .create: O_RDWR | O_CREAT | O_TRUNC | O_APPEND
            }
        let opened = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o640)
        guard opened >= 0 else { throw FileError(.open, path, code: errno) }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let code = status.st_mode == 0 ? errno : EINVAL
            close(opened)
            throw FileError(.open, path, code: code)
        }
        descriptor = opened
        identity = Identity(status)
    }

    deinit { close(descriptor) }

    /// Its length in bytes, or 0 when the kernel does not say.
    var length: Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Appends as much as there is room for. Returns the count and the `errno` that stopped it, or 0.
    func write(_ bytes: UnsafeRawBufferPointer) -> (count: Int, code: Int32) {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count > 0 {
                done += count
            } else if count == 0 {
                return (done, EIO)
            } else if errno != EINTR {
                return (done, errno)
            }
        }
        return (done, 0)
    }

    /// Writes at the beginning in one go; what is behind stays. Returns whether all was written.
    func overwrite(_ bytes: UnsafeRawBufferPointer) -> Bool {
        pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
    }

    /// Cuts it to a length.
    func truncate(to length: Int64) -> Bool { ftruncate(descriptor, off_t(length)) == 0 }

    /// Reads at an offset; 0 is the end, and an error counts as the end.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { return 0 }
        }
    }
}
