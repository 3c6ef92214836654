internal import Glibc
internal import Linux

/// journald's socket for its native protocol, written to without ever waiting. libsystemd's sd_journal_sendv(3) waits while
/// the queue is full, and so would every other container.
public final class JournalSocket {
    /// Where journald listens (systemd-journald.service(8)).
    public static let standardPath = "/run/systemd/journal/socket"
    /// What may be on its way to journald, in bytes, where the kernel lets us; as libsystemd asks for.
    private static let sendBuffer: Int32 = 8 << 20

    /// What became of a datagram.
    enum Outcome {
        case sent
        /// Its queue is full; the descriptor becomes writable when it is not any more.
        case full
        /// Nobody listens; it may be being started again.
        case gone
        /// It will never be taken, by errno.
        case refused(Int32)
    }

    private let path: String
    private(set) var connection: SharedDescriptor?

    /// A socket that is connected when it is first needed.
    public init(path: String = JournalSocket.standardPath) { self.path = path }

    /// What to wait on for room; `nil` while nobody listens.
    public var descriptor: Int32? { connection?.rawValue }

    func send(_ entry: UnsafeRawBufferPointer) -> Outcome {
        guard let connected = connection ?? connect() else { return .gone }
        connection = connected
        while true {
            let count = Glibc.send(
                connected.rawValue, entry.baseAddress, entry.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            )
            if count >= 0 { return .sent }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS: return .full
            case EMSGSIZE, EINVAL, EFAULT: return .refused(errno)
            default:
                connection = nil
                return .gone
            }
        }
    }

    private func connect() -> SharedDescriptor? {
        let opened = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard opened >= 0 else { return nil }
        let owned = SharedDescriptor(takingOwnershipOf: opened)
        var size = Self.sendBuffer
        // SO_SNDBUFFORCE (socket(7)) needs CAP_NET_ADMIN; without it the system's bound holds.
        if setsockopt(opened, SOL_SOCKET, 32, &size, 4) != 0 { setsockopt(opened, SOL_SOCKET, SO_SNDBUF, &size, 4) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(opened, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? owned : nil
    }
}
