import CLinux

/// A mount namespace of this process alone, for a program of one thread that is to see a container's own mounts.
public enum PrivateMounts {
    /// Enters a new one; nothing that is mounted from here on is seen outside.
    public static func enter() throws(LinuxError) {
        try LinuxError.check(clinux_private_mounts(), "make mount namespace", "/")
    }

    /// Binds a path of the host over one below `root`, whose links end inside it. A missing target is made.
    public static func bind(
        _ source: String, over target: String, in root: String, readOnly: Bool
    ) throws(LinuxError) {
        try LinuxError.check(clinux_bind_in_root(root, source, target, readOnly ? 1 : 0), "bind", source)
    }
}
