import CLinux
import Glibc

extension SharedDescriptor {
    /// Opens a directory by path only (O_PATH), e.g. a control group to be born in.
    public static func directory(_ path: String) throws(LinuxError) -> SharedDescriptor {
        let descriptor = open(path, clinux_open_path_only | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }
}

extension NetworkNamespace {
    /// Opens the namespace, to be joined.
    public func open() throws(LinuxError) -> SharedDescriptor {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }
}
