internal import CLinux
internal import Glibc

extension LinuxError {
    /// The C library's text for an errno.
    public static func text(_ code: Int32) -> String { String(cString: clinux_strerror(code)) }
}

extension SharedDescriptor {
    /// A namespace file of a process, `net`, `ipc` and so on; `nil` when the process is gone.
    public static func openNamespace(_ kind: String, ofProcess pid: Int) -> SharedDescriptor? {
        guard let process = try? Pidfd(process: Int32(clamping: pid)) else { return nil }
        let opened = open("/proc/\(pid)/ns/\(kind)", O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        let namespace = SharedDescriptor(takingOwnershipOf: opened)
        // It is that process's when it still lives now.
        return process.isAlive ? namespace : nil
    }
}
