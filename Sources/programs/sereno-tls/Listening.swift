internal import CLinux
internal import Glibc
internal import Linux
internal import Model
internal import Synchronization
internal import TLS

/// The server's side: a thread for each connection, from its first byte to its last.
struct Listening {
    /// Verified connections at once; more wait in the listener's queue.
    static let maximumConnections = 512
    /// How long a handshake may take.
    static let handshakeTime = Nanoseconds.seconds(10)
    /// Seconds without an answer after which a peer that is gone is given up (tcp(7), TCP_KEEPIDLE and TCP_USER_TIMEOUT).
    static let deadTime: Int32 = 60

    /// TCP_KEEPIDLE, TCP_USER_TIMEOUT and TCP_NODELAY of tcp(7).
    private static let (keepIdle, userTimeout, noDelay): (Int32, Int32, Int32) = (4, 18, 1)
    private static let listener: Int32 = 3
    private static let engine: Int32 = 4
    private let context: TLSContext
    private static let open = Mutex(0)
    private static let strangers = Strangers()
    private static let refusals = RefusalLog()

    init(_ files: TLSFiles) throws { context = try TLSContext(.server, files) }

    /// Runs until the engine is gone. Its first message says that the files are good.
    func run() throws {
        guard clinux_send_packet(Self.engine, "ready", 5, nil, 0, 1) == 5 else { return }
        while true {
            var entries = [
                pollfd(
                    fd: Self.open.withLock { $0 } < Self.maximumConnections ? Self.listener : -1,
                    events: Int16(POLLIN), revents: 0),
                pollfd(fd: Self.engine, events: Int16(POLLIN), revents: 0),
            ]
            // While there is no room, it is looked for again soon.
            if poll(&entries, 2, entries[0].fd < 0 ? 100 : -1) < 0, errno != EINTR { return }
            // The engine never says anything: it is gone.
            if entries[1].revents != 0 { return }
            guard entries[0].revents != 0 else { continue }
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = withUnsafeMutablePointer(to: &address) { storage in
                storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept(Self.listener, $0, &length) }
            }
            guard accepted >= 0 else {
                if errno == EMFILE || errno == ENFILE { usleep(100_000) }
                continue
            }
            start(SharedDescriptor(takingOwnershipOf: accepted), from: PeerAddress(address))
        }
    }

    private func start(_ accepted: SharedDescriptor, from address: PeerAddress) {
        let context = self.context
        let stranger = Self.strangers.admit(accepted, from: address)
        do throws(LinuxError) {
            try KernelThread.start(name: "connection") {
                Self.serve(accepted, stranger, context)
                Self.strangers.remove(stranger)
            }
        } catch {
            Self.strangers.remove(stranger)
        }
    }

    private static let madeRoom = "too many had not shown who they are, and it was the oldest"

    private static func serve(_ accepted: SharedDescriptor, _ stranger: Strangers.Number, _ context: TLSContext) {
        var on: Int32 = 1
        var seconds = deadTime
        var milliseconds = deadTime * 1000
        setsockopt(accepted.rawValue, SOL_SOCKET, SO_KEEPALIVE, &on, 4)
        setsockopt(accepted.rawValue, Int32(IPPROTO_TCP), Self.keepIdle, &seconds, 4)
        setsockopt(accepted.rawValue, Int32(IPPROTO_TCP), Self.userTimeout, &milliseconds, 4)
        setsockopt(accepted.rawValue, Int32(IPPROTO_TCP), Self.noDelay, &on, 4)
        guard !refusedAsPlain(accepted) else { return }
        do throws(TLSError) {
            let connection = try TLSConnection(context, socket: accepted.rawValue, within: handshakeTime)
            // Whoever was let go meanwhile is nobody's any more.
            guard strangers.remove(stranger) else { return }
            open.withLock { $0 += 1 }
            defer { open.withLock { $0 -= 1 } }
            guard let plain = handOver(connection.subject) else { return }
            connection.relay(plain.rawValue)
        } catch {
            // One that made room for others sees its connection end, and so do we.
            let reason = strangers.remove(stranger) ? "\(error)" : TLSError.handshake(reason: madeRoom).description
            for line in refusals.take(reason, at: .now) { StandardError.write("sereno-tls: \(line)\n") }
        }
    }

    /// Tells a client that speaks plain HTTP, in the words of Go's server.
    private static func refusedAsPlain(_ accepted: SharedDescriptor) -> Bool {
        var entry = pollfd(fd: accepted.rawValue, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(handshakeTime.count / 1_000_000)) > 0 else { return true }
        var first: UInt8 = 0
        guard recv(accepted.rawValue, &first, 1, Int32(MSG_PEEK)) == 1 else { return true }
        // A handshake begins with 22; a method with a capital letter.
        guard (0x41...0x5A).contains(first) else { return false }
        let text =
            "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
        _ = Array(text.utf8).withUnsafeBytes { send(accepted.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        _ = shutdown(accepted.rawValue, Int32(SHUT_WR))
        var rest = [UInt8](repeating: 0, count: 4096)
        while poll(&entry, 1, 1000) > 0, recv(accepted.rawValue, &rest, rest.count, 0) > 0 {}
        return true
    }

    /// Gives the engine one end of a new connection, with the subject of who is at the other; the end to relay to.
    private static func handOver(_ subject: String) -> SharedDescriptor? {
        guard let ends = (try? StreamPair())?.release() else { return nil }
        let own = SharedDescriptor(takingOwnershipOf: ends.reader)
        let given = SharedDescriptor(takingOwnershipOf: ends.writer)
        let bytes = Array(subject.utf8.prefix(1024))
        var number = given.rawValue
        let sent = bytes.withUnsafeBytes { clinux_send_packet(engine, $0.baseAddress, $0.count, &number, 1, 1) }
        return sent == bytes.count ? own : nil
    }
}
