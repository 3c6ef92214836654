import CLinux
import Glibc

/// A device node of the host.
public struct HostDevice: Hashable, Sendable {
    /// Its path on the host.
    public let path: String
    /// Whether it is a block device, else a character device.
    public let isBlock: Bool
    /// Major number.
    public let major: UInt32
    /// Minor number.
    public let minor: UInt32
    /// Permission bits.
    public let mode: UInt32
    /// User number.
    public let uid: UInt32
    /// Group number.
    public let gid: UInt32

    /// A device by its numbers.
    public init(path: String, isBlock: Bool, major: UInt32, minor: UInt32, mode: UInt32, uid: UInt32, gid: UInt32) {
        self.path = path
        self.isBlock = isBlock
        self.major = major
        self.minor = minor
        self.mode = mode
        self.uid = uid
        self.gid = gid
    }

    /// Kind and permission bits as mknod(2) wants them.
    public var nodeMode: UInt32 { mode | UInt32(isBlock ? S_IFBLK : S_IFCHR) }

    /// The device at a path, symbolic links followed; `nil` when it is something else than a device.
    public static func at(_ path: String) throws(LinuxError) -> HostDevice? {
        var info = stat()
        guard stat(path, &info) == 0 else { throw LinuxError(call: "stat", object: path, code: errno) }
        return device(path, info)
    }

    private static func device(_ path: String, _ info: stat) -> HostDevice? {
        let kind = info.st_mode & S_IFMT
        guard kind == S_IFCHR || kind == S_IFBLK else { return nil }
        return HostDevice(
            path: path, isBlock: kind == S_IFBLK, major: clinux_device_major(UInt64(info.st_rdev)),
            minor: clinux_device_minor(UInt64(info.st_rdev)), mode: UInt32(info.st_mode & 0o7777),
            uid: info.st_uid, gid: info.st_gid)
    }

    /// All devices in a directory and below, but for what each container has its own of (pts, shm, mqueue, console)
    /// and symbolic links.
    public static func all(below directory: String) throws(LinuxError) -> [HostDevice] {
        var found: [HostDevice] = []
        for name in try HostFile.list(directory) {
            let path = directory + "/" + name
            var info = stat()
            guard lstat(path, &info) == 0 else { continue }
            switch info.st_mode & S_IFMT {
            case S_IFDIR where !["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev"].contains(name):
                found += try all(below: path)
            case S_IFCHR where name != "console", S_IFBLK:
                if let device = device(path, info) { found.append(device) }
            default:
                continue
            }
        }
        return found
    }
}
