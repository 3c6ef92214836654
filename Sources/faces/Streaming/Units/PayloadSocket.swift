import Linux
import Model

/// The socket on which a container's payload reports its readiness; it is bound into the container while that runs.
/// Messages that the payload may send are passed on to the init system. Those that name the main process or store
/// descriptors are not.
final class PayloadSocket {
    /// The socket's path on the host.
    let path: String
    /// The descriptor for poll(2).
    var descriptor: Int32 { socket.rawValue }
    private let socket: OwnedDescriptor
    private let directory: String

    /// The longest message, in bytes; the bound is systemd's own.
    private static let longestMessage = 4096

    /// Makes the socket of a container. With `isOpen`, processes of any user find it by its path; a container without a
    /// file system of its own needs that.
    init(container: String, isOpen: Bool, environment: [String: String]) throws(LinuxError) {
        let root =
            CurrentProcess.effectiveUser == 0 ? "/run/sereno" : (environment["XDG_RUNTIME_DIR"] ?? "/tmp") + "/sereno"
        let parent = root + "/notify"
        directory = parent + "/" + container.prefix(Self.nameLength)
        path = directory + "/notify.sock"
        try HostFile.makeDirectories(parent, mode: isOpen ? 0o711 : 0o700)
        if isOpen { try? HostFile.setPermissions(0o711, of: parent) }
        try HostFile.makeDirectories(directory)
        try HostFile.remove(path)
        socket = try UnixSocket.bindDatagrams(at: path)
        // The payload may run as any user inside.
        try? HostFile.setPermissions(0o666, of: path)
    }

    deinit {
        try? HostFile.remove(path)
        try? HostFile.removeDirectory(directory)
    }

    /// The lines of the next message that may be passed on; `nil` when no message has arrived.
    func next() -> [String]? {
        var buffer = [UInt8](repeating: 0, count: Self.longestMessage)
        let count: Int
        switch buffer.withUnsafeMutableBytes({ SocketTransfer.receive(descriptor, into: $0, waits: false) }) {
        case .moved(let length): count = length
        case .end: count = 0
        case .wouldBlock, .failed: return nil
        }
        return String(decoding: buffer[..<count], as: UTF8.self).split(byte: "\n").map(String.init)
            .filter { line in Self.passedOn.contains { line.hasPrefix($0 + "=") } }
    }

    private static let nameLength = 12
    private static let passedOn = [
        "READY", "STATUS", "ERRNO", "RELOADING", "STOPPING", "MONOTONIC_USEC", "WATCHDOG", "EXTEND_TIMEOUT_USEC",
    ]
}
