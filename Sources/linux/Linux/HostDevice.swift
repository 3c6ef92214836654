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

    /// How many names `all` looks at.
    public static let mostNames = 16_384

    /// What each container has of its own, and what is no device of the host: left out where the container is given all of them.
    public static let ownPlaces: Set<String> = [
        "pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console",
    ]

    /// All devices in a directory and below, but for those with one of the names `besides`, what is below them, and symbolic
    /// links.
    ///
    /// What is deeper than a path can be long is left out. Errors: E2BIG where there are more than `mostNames` names of whatever
    /// kind.
    public static func all(below directory: String, besides: Set<String> = []) throws(LinuxError) -> [HostDevice] {
        var found: [HostDevice] = []
        var directories = [directory]
        var left = mostNames
        while let next = directories.popLast() {
            let names = try HostFile.list(next, atMost: left)
            left -= names.count
            var below: [String] = []
            for name in names where !besides.contains(name) {
                let path = next + "/" + name
                var info = stat()
                guard lstat(path, &info) == 0 else { continue }
                if info.st_mode & S_IFMT == S_IFDIR { below.append(path) }
                if let device = device(path, info) { found.append(device) }
            }
            directories += below.reversed()
        }
        return found
    }
}
