import Glibc
public import Model

extension HostFile {
    /// The whole lines among the first `bound` bytes of an ordinary file; symbolic links are followed. ENOENT when there is none,
    /// EINVAL for anything else than an ordinary file, which is not read.
    public static func readLines(_ path: String, atMost bound: Int) throws(LinuxError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw LinuxError(call: "read", object: path, code: EINVAL)
        }
        var bytes = try readStart(of: descriptor, atMost: bound + 1, name: path)
        if bytes.count > bound {
            let end = bytes[..<bound].lastIndex(of: UInt8(ascii: "\n")) ?? -1
            bytes.removeSubrange((end + 1)...)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sees to it that there is an ordinary file of this process's user at the path, with this text and mode. One that is so
    /// already is left; anything else is replaced by a new file, so that whoever has the old one open does not reach the new
    /// one. Not durable. The directory must be nobody else's.
    ///
    /// Returns whether it had to be written.
    @discardableResult
    public static func keep(_ text: String, at path: String, mode: UInt32 = 0o644) throws(LinuxError) -> Bool {
        let bytes = Array(text.utf8)
        if holds(path, bytes, mode) { return false }
        let draft = path + ".new"
        try remove(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: draft, code: errno) }
        var failure: LinuxError?
        do { try writeAll(bytes, to: descriptor, name: draft) } catch { failure = error }
        // What the umask took away.
        if failure == nil, fchmod(descriptor, mode_t(mode)) != 0 {
            failure = LinuxError(call: "chmod", object: draft, code: errno)
        }
        close(descriptor)
        if failure == nil, Glibc.rename(draft, path) != 0 {
            failure = LinuxError(call: "rename", object: path, code: errno)
        }
        if let failure {
            unlink(draft)
            throw failure
        }
        return true
    }

    /// How long ago the content of a file was changed, by the wall clock; `nil` when there is none. Negative when that clock was
    /// set back since.
    public static func age(of path: String) -> Nanoseconds? {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        return .seconds(WallTime.now.seconds) - .seconds(Int64(info.st_mtim.tv_sec))
    }

    private static func holds(_ path: String, _ bytes: [UInt8], _ mode: UInt32) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode == S_IFREG | mode_t(mode), info.st_nlink == 1,
            info.st_uid == geteuid(), info.st_gid == getegid(), info.st_size == off_t(bytes.count)
        else { return false }
        return (try? readStart(of: descriptor, atMost: bytes.count + 1, name: path)) == bytes
    }

    private static func readStart(
        of descriptor: Int32, atMost bound: Int, name: String
    ) throws(LinuxError) -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(bound, 16384))
        while all.count < bound {
            let room = min(chunk.count, bound - all.count)
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, room) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw LinuxError(call: "read", object: name, code: errno) }
            if count == 0 { break }
            all += chunk[..<count]
        }
        return all
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(LinuxError) {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { throw LinuxError(call: "write", object: name, code: errno) }
            left = left.dropFirst(max(0, count))
        }
    }
}
