public import JSONFormat

/// An answer whose head has come and whose body is read as it arrives.
public final class Response {
    /// The result of one read of the body.
    public enum Received: Hashable, Sendable {
        /// Bytes of the body.
        case bytes([UInt8])
        /// No bytes have arrived.
        case nothingYet
        /// The body is whole.
        case end
    }

    /// Status and headers.
    public let head: ResponseHead

    private let socket: Socket
    private var decoder: BodyDecoder
    private var pending: [UInt8]
    private let request: Request

    init(head: ResponseHead, rest: ArraySlice<UInt8>, request: Request, socket: consuming Socket) throws(ClientError) {
        self.head = head
        var decoder = try BodyDecoder(head: head, method: request.method)
        self.pending = try decoder.decode(rest)
        self.decoder = decoder
        self.request = request
        self.socket = socket
    }

    /// The descriptor for poll(2), for the programs of this package only.
    package var descriptor: Int32 { socket.descriptor }

    /// Whether `receive` has bytes or the end without waiting for the descriptor.
    package var hasPending: Bool { !pending.isEmpty || decoder.isDone }

    /// The next bytes of the body. With `wait` the result is never ``Received/nothingYet``. An answer cut short is
    /// thrown as ``ClientError/disconnected(request:)``.
    public func receive(wait: Bool = true) throws(ClientError) -> Received {
        while true {
            if !pending.isEmpty {
                let bytes = pending
                pending = []
                return .bytes(bytes)
            }
            if decoder.isDone { return .end }
            switch try socket.receive(wait: wait) {
            case .bytes(let bytes): pending = try decoder.decode(bytes[...])
            case .nothingYet: return .nothingYet
            case .end:
                guard decoder.mayEndHere else { throw request.disconnected }
                return .end
            }
        }
    }

    /// The longest body that is read whole, in bytes.
    public static let maximumBody = 256 * 1024 * 1024

    /// The whole body; a body beyond `limit` bytes is thrown as ``ClientError/tooLong(limit:)``.
    public func body(limit: Int = maximumBody) throws(ClientError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            switch try receive() {
            case .bytes(let bytes):
                all += bytes
                guard all.count <= limit else { throw .tooLong(limit: limit) }
            case .nothingYet: continue
            case .end: return all
            }
        }
    }

    /// The whole body as a JSON document; an empty body is `null`.
    public func json() throws(ClientError) -> JSON {
        try JSON(answer: try body())
    }

    /// The engine's message in the body of an error.
    func message() -> String { head.message(errorBody, of: request) }

    /// The error that an answer with a status of 300 or more is.
    func refusal() -> ClientError { head.refusal(of: request, body: errorBody) }

    private var errorBody: [UInt8] { (try? body(limit: 1 << 20)) ?? [] }
}

extension ResponseHead {
    /// Whether the engine did what was requested, or found it done (304). After a redirection nothing was done.
    var isAnswer: Bool { status < 300 || status == 304 }

    /// The error that an answer with a status of 300 or more is.
    func refusal(of request: Request, body: [UInt8]) -> ClientError {
        if status < 400 { return .redirected(request: request.name) }
        return .refused(status: status, message: message(body, of: request))
    }

    /// The engine's message in the body of an error; the body itself when it is not JSON, a sentence with the status
    /// when it is empty.
    func message(_ bytes: [UInt8], of request: Request) -> String {
        if let text = (try? JSON(parsing: bytes))?["message"]?.string { return text }
        var text = String(decoding: bytes, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        if text.isEmpty { return "request returned \(status) for \(request.name)" }
        return text
    }
}
