/// A request that was sent and whose answer is polled for.
public final class PendingAnswer {
    private let request: Request
    private var socket: Socket?
    private var bytes: [UInt8] = []

    init(_ request: Request, socket: consuming Socket) {
        self.request = request
        self.socket = consume socket
    }

    /// The descriptor for poll(2), for the programs of this package only; -1 once the answer was returned.
    package var descriptor: Int32 {
        switch socket {
        case .some(let socket): socket.descriptor
        case .none: -1
        }
    }

    /// Returns the answer once, when its head has come; `nil` before and after. Never blocks. A status of 400 or more
    /// is thrown as ``ClientError/refused(status:message:)``, a redirection as ``ClientError/redirected(request:)``.
    public func receive() throws(ClientError) -> Response? {
        guard socket != nil else { return nil }
        while true {
            if let (head, length) = try ResponseHead.parse(bytes) {
                bytes.removeFirst(length)
                guard head.status >= 200, let socket = socket.take() else { continue }
                let response = try Response(head: head, rest: bytes[...], request: request, socket: socket)
                guard head.isAnswer else { throw response.refusal() }
                return response
            }
            switch try receiveSome() {
            case .bytes(let more): bytes += more
            case .nothingYet: return nil
            case .end: throw request.disconnected
            }
        }
    }

    private func receiveSome() throws(ClientError) -> Socket.Received {
        switch socket {
        case .some(let socket): try socket.receive(wait: false)
        case .none: .nothingYet
        }
    }
}
