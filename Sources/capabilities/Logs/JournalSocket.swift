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
        switch SocketTransfer.send(connected.rawValue, entry, waits: false) {
        case .moved: return .sent
        case .wouldBlock, .failed(Errno.noBufferSpace): return .full
        case .failed(let code)
        where [Errno.messageTooLong, Errno.invalidArgument, Errno.badAddress].contains(code):
            return .refused(code)
        case .failed, .end:
            connection = nil
            return .gone
        }
    }

    private func connect() -> SharedDescriptor? {
        guard let opened = try? UnixSocket.connectDatagrams(to: path) else { return nil }
        SocketTransfer.setSendBuffer(opened.rawValue, bytes: Self.sendBuffer)
        return SharedDescriptor(sharing: opened)
    }
}
