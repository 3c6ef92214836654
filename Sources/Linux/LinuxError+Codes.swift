internal import CLinux
internal import Glibc

extension LinuxError {
    /// ENOENT.
    public static let notFound = ENOENT
    /// ENOTDIR.
    public static let notADirectory = ENOTDIR
    /// EACCES.
    public static let accessDenied = EACCES
    /// EISDIR.
    public static let isADirectory = EISDIR

    /// The C library's text for an errno.
    public static func text(_ code: Int32) -> String { String(cString: clinux_strerror(code)) }
}

extension SharedDescriptor {
    /// A namespace file of a process, `net`, `ipc` and so on; `nil` when the process is gone.
    public static func openNamespace(_ kind: String, ofProcess pid: Int) -> SharedDescriptor? {
        let opened = open("/proc/\(pid)/ns/\(kind)", O_RDONLY | O_CLOEXEC)
        return opened < 0 ? nil : SharedDescriptor(takingOwnershipOf: opened)
    }
}
