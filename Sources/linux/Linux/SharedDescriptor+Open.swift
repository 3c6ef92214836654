import CLinux
import Glibc

extension SharedDescriptor {
    /// Opens a directory by path only (O_PATH), e.g. a control group to be born in.
    public static func directory(_ path: String) throws(LinuxError) -> SharedDescriptor {
        let descriptor = open(path, clinux_open_path_only | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }

    /// A detached copy of the mount at a path, to be attached in another mount namespace (open_tree(2), Linux 5.2).
    public static func mount(at path: String) throws(LinuxError) -> SharedDescriptor {
        let descriptor = clinux_clone_mount(path)
        guard descriptor >= 0 else { throw LinuxError(call: "copy the mount", object: path, code: -descriptor) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }

    /// The mount namespace of this process, to be joined.
    public static func mountNamespace() throws(LinuxError) -> SharedDescriptor {
        let path = "/proc/self/ns/mnt"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }

    /// Whether the peer of a socket has yet to take some of what was sent (SIOCOUTQ, unix(7)).
    public var holdsUntaken: Bool { clinux_untaken(rawValue) > 0 }
}

extension NetworkNamespace {
    /// Opens the namespace, to be joined.
    public func open() throws(LinuxError) -> SharedDescriptor {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }
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
