import CLinux
import Glibc

/// A tmpfs that this process mounts for others, such as the /dev/shm of a container that shares it.
public struct TmpfsMount: Hashable, Sendable {
    /// Where it is mounted.
    public let target: String

    /// A description; nothing is mounted yet.
    public init(target: String) { self.target = target }

    /// Mounts an empty one, in the place of one that is there: what uses that keeps it. `size` is in bytes, and anybody may make
    /// files in it, as in /tmp.
    public func renew(size: Int64) throws(LinuxError) {
        try HostFile.makeDirectories(target, mode: 0o700)
        try OverlayMount.unmount(target)
        let flags = UInt(MS_NOSUID) | UInt(MS_NODEV) | UInt(MS_NOEXEC)
        try LinuxError.check(
            clinux_mount("shm", target, "tmpfs", flags, "mode=1777,size=\(size)"), "mount tmpfs", target)
    }

    /// Unmounts it and removes its directory; none there is no error.
    public func remove() throws(LinuxError) {
        try OverlayMount.unmount(target)
        try HostFile.removeDirectory(target)
    }
}
