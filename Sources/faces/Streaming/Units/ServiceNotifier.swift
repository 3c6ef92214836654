import Linux

/// Reports the state of this service to an init system: each message is one datagram of `NAME=value` lines
/// (sd_notify(3)). Native, as the command is static and libsystemd is not.
struct ServiceNotifier {
    /// The path of the socket; a leading `@` stands for the abstract namespace.
    let path: String

    /// The notifier of this process; `nil` when `NOTIFY_SOCKET` names none.
    init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.utf8.count > 1, path.hasPrefix("/") || path.hasPrefix("@")
        else { return nil }
        self.path = path
    }

    /// Sends lines without waiting for the init system; a message that it does not take is replaced by the next.
    func send(_ lines: [String]) {
        guard let socket = try? UnixSocket.connectDatagrams(to: path) else { return }
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        _ = bytes.withUnsafeBytes { SocketTransfer.send(socket.rawValue, $0, waits: false) }
    }
}
