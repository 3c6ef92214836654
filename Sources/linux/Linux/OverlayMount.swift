import CLinux
import Glibc

/// An overlay file system over read-only layers, mounted on the host so that it stays between a container's runs.
public struct OverlayMount: Hashable, Sendable {
    /// Directories of the layers, top layer first.
    public let layers: [String]
    /// The directory that takes the container's changes.
    public let upper: String
    /// The kernel's own working directory; on the same file system as `upper`.
    public let work: String
    /// Where it is mounted.
    public let target: String

    /// A description; nothing is mounted yet.
    public init(layers: [String], upper: String, work: String, target: String) {
        self.layers = layers
        self.upper = upper
        self.work = work
        self.target = target
    }

    /// Mounts it, making its own three directories when missing. One that is mounted already is left as it is.
    ///
    /// Before Linux 6.8 all layer paths together have to fit into one page (E2BIG otherwise).
    public func mount() throws(LinuxError) {
        for directory in [upper, work, target] { try HostFile.makeDirectories(directory) }
        if isMounted { return }
        let names = layers.map { strdup($0) }
        defer { names.forEach { free($0) } }
        let pointers = names.map { UnsafePointer<CChar>($0) }
        let result = pointers.withUnsafeBufferPointer {
            clinux_mount_overlay($0.baseAddress, $0.count, upper, work, target)
        }
        try LinuxError.check(result, "mount overlay", target)
    }

    /// Whether an overlay is mounted at the target.
    public var isMounted: Bool { clinux_file_system_type(target) == Self.magic }

    /// Unmounts it, however busy; one that is not mounted is no error.
    public func unmount() throws(LinuxError) { try Self.unmount(target) }

    /// Detaches whatever is mounted at a path; nothing there is no error.
    public static func unmount(_ target: String) throws(LinuxError) {
        let result = clinux_unmount_detached(target)
        if result == -EINVAL || result == -ENOENT { return }
        try LinuxError.check(result, "unmount", target)
    }

    /// OVERLAYFS_SUPER_MAGIC of statfs(2).
    private static let magic: Int64 = 0x794C_7630
}
