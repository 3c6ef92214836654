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
    public func create() throws(LinuxError) { try begin().finish() }

    /// Begins to make it, beside what its caller does meanwhile: the kernel takes longer over it than over all else that a
    /// container needs. An existing one is left as it is.
    public func begin() throws(LinuxError) -> Making {
        if exists { return Making(nil, path) }
        if let slash = path.lastIndex(of: "/") { try HostFile.makeDirectories(String(path[..<slash]), mode: 0o700) }
        let descriptor = Glibc.open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o444)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        close(descriptor)
        var made: OpaquePointer?
        try LinuxError.check(clinux_begin_network_namespace(path, &made), "make network namespace", path)
        return Making(made, path)
    }

    /// A namespace on its way; one that is let go of is waited for.
    public struct Making: ~Copyable {
        private var making: OpaquePointer?
        private let path: String

        fileprivate init(_ making: OpaquePointer?, _ path: String) {
            self.making = making
            self.path = path
        }

        deinit { if let making { _ = clinux_finish_network_namespace(making) } }

        /// Waits until it is there.
        public consuming func finish() throws(LinuxError) {
            guard let making else { return }
            self.making = nil
            try LinuxError.check(clinux_finish_network_namespace(making), "make network namespace", path)
        }
    }

    /// Whether a namespace is bound there.
    public var exists: Bool { clinux_is_namespace(path) == 1 }

    /// Unbinds it; it ends with its last process. One that is not there is no error.
    public func remove() throws(LinuxError) {
        try OverlayMount.unmount(path)
        try HostFile.remove(path)
    }
}
