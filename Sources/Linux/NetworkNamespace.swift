import CLinux
import Glibc

/// A network namespace kept alive by a file it is bound to, so that it outlives processes, the runs of its
/// container and the engine.
public struct NetworkNamespace: Hashable, Sendable {
    /// The file it is bound at.
    public let path: String

    /// A namespace by its file; nothing is made yet.
    public init(path: String) { self.path = path }

    /// Makes it, loopback up; an existing one is left as it is.
    public func create() throws(LinuxError) {
        if exists { return }
        if let slash = path.lastIndex(of: "/") { try HostFile.makeDirectories(String(path[..<slash]), mode: 0o700) }
        let descriptor = Glibc.open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o444)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        close(descriptor)
        try LinuxError.check(clinux_make_network_namespace(path), "make network namespace", path)
    }

    /// Whether a namespace is bound there.
    public var exists: Bool { clinux_is_namespace(path) == 1 }

    /// Unbinds it; it ends with its last process. One that is not there is no error.
    public func remove() throws(LinuxError) {
        try OverlayMount.unmount(path)
        try HostFile.remove(path)
    }
}
