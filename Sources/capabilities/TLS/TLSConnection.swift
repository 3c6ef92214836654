internal import CTLS
internal import Linux
public import Model

/// One connection that speaks TLS on a socket, which is made non-blocking. It is used by one thread and waits in poll(2).
public struct TLSConnection: ~Copyable {
    /// Bytes that are read at once in each direction, which is all that is held.
    static let bufferSize = 64 * 1024
    /// How long the other side may take to close after this side has.
    static let lingering: Int32 = 2_000

    private let session: OpaquePointer
    private let socket: Int32
    private let side: TLSContext.Side
    /// The subject of the other side's certificate, as RFC 2253 writes it: `CN=ops,O=night`.
    public let subject: String

    /// Shakes hands on a connected socket, which stays the caller's, within a span of time.
    public init(_ context: TLSContext, socket: Int32, within span: Nanoseconds) throws(TLSError) {
        guard let made = SSL_new(context.context) else { throw .openssl(reason: TLSError.lastReason()) }
        do throws(TLSError) {
            subject = try Self.shakeHands(made, context.side, socket, MonotonicInstant.now.advanced(by: span))
        } catch {
            SSL_free(made)
            throw error
        }
        session = made
        self.socket = socket
        side = context.side
    }

    deinit { SSL_free(session) }

    private static func shakeHands(
        _ session: OpaquePointer, _ side: TLSContext.Side, _ socket: Int32, _ deadline: MonotonicInstant
    ) throws(TLSError) -> String {
        Nonblocking.set(socket)
        SSL_set_fd(session, socket)
        if case .client(let name) = side {
            let parameters = SSL_get0_param(session)
            if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) != 1, SSL_set1_host(session, name) != 1 {
                throw .openssl(reason: TLSError.lastReason())
            }
            ERR_clear_error()
        }
        while true {
            let result = side == .server ? SSL_accept(session) : SSL_connect(session)
            if result == 1 { break }
            let events: PollSet.Events
            switch SSL_get_error(session, result) {
            case SSL_ERROR_WANT_READ: events = .read
            case SSL_ERROR_WANT_WRITE: events = .write
            default: throw failure(session)
            }
            let left = deadline.since(.now).count / 1_000_000
            guard left > 0 else { throw .handshake(reason: "it took too long") }
            PollSet.wait(for: socket, events, milliseconds: Int32(clamping: left))
        }
        return try name(of: session)
    }

    private static func failure(_ session: OpaquePointer) -> TLSError {
        let verdict = SSL_get_verify_result(session)
        let reason = TLSError.lastReason()
        if verdict != Int(X509_V_OK) {
            return .notTrusted(reason: String(cString: X509_verify_cert_error_string(verdict)))
        }
        return reason == "peer did not return a certificate" ? .notTrusted(reason: reason) : .handshake(reason: reason)
    }

    private static func name(of session: OpaquePointer) throws(TLSError) -> String {
        guard let certificate = SSL_get1_peer_certificate(session) else {
            throw .notTrusted(reason: "peer did not return a certificate")
        }
        defer { X509_free(certificate) }
        guard let output = BIO_new(BIO_s_mem()) else { throw .openssl(reason: TLSError.lastReason()) }
        defer { BIO_free(output) }
        // XN_FLAG_RFC2253 is a macro of numbers that Swift does not see.
        X509_NAME_print_ex(output, X509_get_subject_name(certificate), 0, UInt(0x111_0317))
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = BIO_read(output, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }

    // MARK: Relaying

    /// Moves bytes between the connection and a plain stream socket, until both are at their end or one fails. The end of either
    /// direction is passed on.
    public func relay(_ plain: Int32) {
        Nonblocking.set(plain)
        var inward = Lane()
        var outward = Lane()
        while true {
            var wanted: (socket: PollSet.Events, plain: PollSet.Events) = ([], [])
            guard receive(&inward, &wanted.socket), deliver(&inward, plain, &wanted.plain),
                collect(&outward, plain, &wanted.plain), transmit(&outward, &wanted.socket)
            else { return linger() }
            if outward.isOver {
                // An engine that sends no more is done; a client may only have said all it has to say.
                if side == .server { return linger() }
                if inward.isOver { return }
                if !outward.endPassedOn {
                    outward.endPassedOn = true
                    ERR_clear_error()
                    SSL_shutdown(session)
                }
            }
            // What was passed on leaves room to read more, of which the kernel does not tell.
            if inward.mayRead || outward.mayRead { continue }
            var polled = PollSet()
            polled.add(wanted.socket.isEmpty ? -1 : socket, wanted.socket)
            polled.add(wanted.plain.isEmpty ? -1 : plain, wanted.plain)
            if !polled.wait(milliseconds: -1) { return }
        }
    }

    /// What of one direction is on its way.
    private struct Lane {
        var bytes: [UInt8] = []
        var start = 0
        var ended = false
        var endPassedOn = false
        /// Whether nothing was there at the last reading.
        var isWaiting = false

        var mayRead: Bool { isEmpty && !ended && !isWaiting }
        var isEmpty: Bool { start == bytes.count }
        var isOver: Bool { ended && isEmpty }
    }

    private func receive(_ lane: inout Lane, _ wanted: inout PollSet.Events) -> Bool {
        guard lane.isEmpty, !lane.ended else { return true }
        lane.start = 0
        lane.isWaiting = false
        lane.bytes = [UInt8](repeating: 0, count: Self.bufferSize)
        ERR_clear_error()
        let count = SSL_read(session, &lane.bytes, Int32(lane.bytes.count))
        lane.bytes.removeLast(lane.bytes.count - Int(max(0, count)))
        if count > 0 { return true }
        switch SSL_get_error(session, count) {
        case SSL_ERROR_WANT_READ:
            wanted.insert(.read)
            lane.isWaiting = true
        case SSL_ERROR_WANT_WRITE:
            wanted.insert(.write)
            lane.isWaiting = true
        case SSL_ERROR_ZERO_RETURN: lane.ended = true
        default: return false
        }
        return true
    }

    private func deliver(_ lane: inout Lane, _ plain: Int32, _ wanted: inout PollSet.Events) -> Bool {
        while !lane.isEmpty {
            switch lane.bytes[lane.start...].withUnsafeBytes({ SocketTransfer.send(plain, $0, waits: false) }) {
            case .moved(let count): lane.start += count
            case .wouldBlock:
                wanted.insert(.write)
                return true
            case .end, .failed: return false
            }
        }
        if lane.ended, !lane.endPassedOn {
            lane.endPassedOn = true
            SocketTransfer.finishSending(plain)
        }
        return true
    }

    private func collect(_ lane: inout Lane, _ plain: Int32, _ wanted: inout PollSet.Events) -> Bool {
        guard lane.isEmpty, !lane.ended else { return true }
        lane.start = 0
        lane.isWaiting = false
        lane.bytes = [UInt8](repeating: 0, count: Self.bufferSize)
        let received = lane.bytes.withUnsafeMutableBytes { SocketTransfer.receive(plain, into: $0, waits: false) }
        if case .moved(let count) = received {
            lane.bytes.removeLast(lane.bytes.count - count)
            return true
        }
        lane.bytes = []
        switch received {
        case .moved, .end: lane.ended = true
        case .wouldBlock:
            wanted.insert(.read)
            lane.isWaiting = true
        case .failed: return false
        }
        return true
    }

    private func transmit(_ lane: inout Lane, _ wanted: inout PollSet.Events) -> Bool {
        while !lane.isEmpty {
            ERR_clear_error()
            let count = lane.bytes[lane.start...].withUnsafeBytes {
                SSL_write(session, $0.baseAddress, Int32($0.count))
            }
            if count > 0 {
                lane.start += Int(count)
                continue
            }
            switch SSL_get_error(session, count) {
            case SSL_ERROR_WANT_READ: wanted.insert(.read)
            case SSL_ERROR_WANT_WRITE: wanted.insert(.write)
            default: return false
            }
            return true
        }
        return true
    }

    /// Says that nothing more comes and lets the other side close: a socket that is closed over unread bytes takes back what
    /// was sent last.
    private func linger() {
        ERR_clear_error()
        SSL_shutdown(session)
        SocketTransfer.finishSending(socket)
        var rest = [UInt8](repeating: 0, count: 4096)
        let deadline = MonotonicInstant.now.advanced(by: .milliseconds(Int64(Self.lingering)))
        while true {
            let left = deadline.since(.now).count / 1_000_000
            guard left > 0, PollSet.wait(for: socket, .read, milliseconds: Int32(clamping: left)),
                case .moved = rest.withUnsafeMutableBytes({ SocketTransfer.receive(socket, into: $0, waits: false) })
            else { return }
        }
    }
}
