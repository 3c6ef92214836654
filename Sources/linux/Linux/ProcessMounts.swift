internal import CLinux
internal import Glibc

/// What a process has mounted and where its root is, held so that its number cannot come to mean another process meanwhile.
public struct ProcessMounts: Sendable {
    /// Its mount namespace.
    public let mounts: SharedDescriptor
    /// Its root directory, by path only (O_PATH).
    public let root: SharedDescriptor

    /// Opens both; ESRCH when it has ended.
    public init(ofProcess number: Int) throws(LinuxError) {
        let process = try Pidfd(process: Int32(clamping: number))
        let directory = "/proc/\(number)"
        mounts = try Self.open(directory + "/ns/mnt", O_RDONLY | O_CLOEXEC)
        root = try Self.open(directory + "/root", clinux_open_path_only | O_DIRECTORY | O_CLOEXEC)
        // Both are that process's when it still lives now.
        guard process.isAlive else { throw LinuxError(call: "open", object: directory, code: ESRCH) }
    }

    /// Whether the process of a pidfd has ended.
    public static func hasEnded(_ pidfd: SharedDescriptor) -> Bool { clinux_poll_in(pidfd.rawValue, 0) != 0 }

    private static func open(_ path: String, _ flags: Int32) throws(LinuxError) -> SharedDescriptor {
        let opened = Glibc.open(path, flags)
        guard opened >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        return SharedDescriptor(takingOwnershipOf: opened)
    }
}
