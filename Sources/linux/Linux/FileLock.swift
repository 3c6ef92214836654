internal import Glibc

/// A file that one process at a time holds (flock(2)); it names its holder. The lock ends with the process.
public struct FileLock: ~Copyable {
    private let file: SharedDescriptor

    private init(file: SharedDescriptor) { self.file = file }

    /// Takes the lock, trying for so many milliseconds while another process has it; `nil` when that one keeps it.
    public static func take(_ path: String, waiting milliseconds: Int) throws(LinuxError) -> FileLock? {
        let file = try open(path)
        let descriptor = file.rawValue
        var left = milliseconds
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw LinuxError(call: "flock", object: path, code: errno) }
            guard left > 0 else { return nil }
            usleep(20_000)
            left -= 20
        }
        let name = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, name, name.count, 0)
        return FileLock(file: file)
    }

    /// What stands in its place and is no file, which no supervisor can have locked, is moved out of the way.
    private static func open(_ path: String) throws(LinuxError) -> SharedDescriptor {
        for attempt in 0..<2 {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            let code = errno
            if descriptor >= 0 {
                let file = SharedDescriptor(takingOwnershipOf: descriptor)
                var status = stat()
                if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return file }
            }
            let isOfAnotherKind = descriptor >= 0 || [EISDIR, ELOOP, ENXIO].contains(code)
            if attempt > 0 || !isOfAnotherKind || rename(path, path + ".damaged-\(getpid())") != 0 {
                throw LinuxError(call: "open", object: path, code: descriptor >= 0 ? EEXIST : code)
            }
        }
        throw LinuxError(call: "open", object: path, code: EEXIST)
    }

    /// The process that says it holds the lock; `nil` when the file does not tell.
    public static func holder(of path: String) -> Int32? {
        (try? HostFile.read(path)).flatMap { Int32($0.prefix { $0 != "\n" }) }
    }
}
