import Glibc
import Linux

/// The socket on which a container's payload reports its readiness; it is bound into the container while that runs.
/// Messages that the payload may send are passed on to the init system. Those that name the main process or store
/// descriptors are not.
final class PayloadSocket {
    /// The socket's path on the host.
    let path: String
    /// The descriptor for poll(2).
    let descriptor: Int32
    private let directory: String

    /// The longest message, in bytes; the bound is systemd's own.
    private static let longestMessage = 4096

    /// Makes the socket of a container. With `isOpen`, processes of any user find it by its path; a container without a
    /// file system of its own needs that.
    init(container: String, isOpen: Bool, environment: [String: String]) throws(LinuxError) {
        let root = geteuid() == 0 ? "/run/sereno" : (environment["XDG_RUNTIME_DIR"] ?? "/tmp") + "/sereno"
        let parent = root + "/notify"
        directory = parent + "/" + container.prefix(Self.nameLength)
        path = directory + "/notify.sock"
        try HostFile.makeDirectories(parent, mode: isOpen ? 0o711 : 0o700)
        if isOpen { chmod(parent, 0o711) }
        try HostFile.makeDirectories(directory)
        try HostFile.remove(path)
        descriptor = socket(
            AF_UNIX,
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw LinuxError(call: "socket", object: path, code: errno) }
        guard UnixName.with(path, { bind(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            throw LinuxError(call: "bind", object: path, code: code)
        }
        // The payload may run as any user inside.
        chmod(path, 0o666)
    }

    deinit {
        close(descriptor)
        unlink(path)
        rmdir(directory)
    }

    /// The lines of the next message that may be passed on; `nil` when no message has arrived.
    func next() -> [String]? {
        var buffer = [UInt8](repeating: 0, count: Self.longestMessage)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { line in Self.passedOn.contains { line.hasPrefix($0 + "=") } }
    }

    private static let nameLength = 12
    private static let passedOn = [
        "READY", "STATUS", "ERRNO", "RELOADING", "STOPPING", "MONOTONIC_USEC", "WATCHDOG", "EXTEND_TIMEOUT_USEC",
    ]
}
