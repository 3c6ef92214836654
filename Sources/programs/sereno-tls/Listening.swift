internal import CLinux
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
    /// Seconds without an answer after which a peer that is gone is given up.
    static let deadTime: Int32 = 60

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
            let hasRoom = Self.open.withLock { $0 } < Self.maximumConnections
            var polled = PollSet()
            let connection = polled.add(hasRoom ? Self.listener : -1, .read)
            let engine = polled.add(Self.engine, .read)
            // While there is no room, it is looked for again soon.
            if !polled.wait(milliseconds: hasRoom ? -1 : 100), hasRoom { return }
            // The engine never says anything: it is gone.
            if polled.isReady(engine) { return }
            guard polled.isReady(connection) else { continue }
            do throws(LinuxError) {
                let (accepted, address) = try TCPSocket.accept(Self.listener)
                start(accepted, from: PeerAddress(address))
            } catch {
                if [Errno.tooManyDescriptors, Errno.tooManyOpenFiles].contains(error.code) {
                    KernelThread.sleep(for: .milliseconds(100))
                }
            }
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
        TCPSocket.keepLively(accepted, seconds: deadTime)
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
            let reason = strangers.remove(stranger) ? error.message : TLSError.handshake(reason: madeRoom).message
            for line in refusals.take(reason, at: .now) { StandardError.write("sereno-tls: \(line)\n") }
        }
    }

    /// Tells a client that speaks plain HTTP, in the words of Go's server.
    private static func refusedAsPlain(_ accepted: SharedDescriptor) -> Bool {
        let socket = accepted.rawValue
        let patience = Int32(handshakeTime.count / 1_000_000)
        guard PollSet.wait(for: socket, .read, milliseconds: patience) else { return true }
        var first: UInt8 = 0
        let peeked = withUnsafeMutableBytes(of: &first) {
            SocketTransfer.receive(socket, into: $0, waits: true, leaves: true)
        }
        guard case .moved = peeked else { return true }
        // A handshake begins with 22; a method with a capital letter.
        guard (0x41...0x5A).contains(first) else { return false }
        let text =
            "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
        _ = Array(text.utf8).withUnsafeBytes { SocketTransfer.send(socket, $0, waits: true) }
        SocketTransfer.finishSending(socket)
        var rest = [UInt8](repeating: 0, count: 4096)
        while PollSet.wait(for: socket, .read, milliseconds: 1000),
            case .moved = rest.withUnsafeMutableBytes({ SocketTransfer.receive(socket, into: $0, waits: true) })
        {}
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
