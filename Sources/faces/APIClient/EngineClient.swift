public import JSONFormat
internal import Model

/// A client of one engine's Docker Engine API. Each request has a connection of its own over a blocking socket; only
/// the first request uses that of the ping before it. For many documents over one connection see
/// ``documents(_:take:)``.
public final class EngineClient {
    /// The address on which the engine listens.
    public let address: EngineAddress
    /// The newest version of the API that this client speaks.
    public static let newestVersion = "1.47"

    /// The tunnel that carries the connections; `nil` connects to the address itself.
    public let tunnel: Tunnel?

    private var negotiated: String?
    /// The connection of a ping that was answered, for the next request.
    private var kept: Socket?

    /// A client; nothing is sent yet. A `version` given here is used as it is, without a query to the engine.
    public init(address: EngineAddress, tunnel: Tunnel? = nil, version: String? = nil) {
        self.tunnel = tunnel
        self.address = address
        self.negotiated = version
    }

    /// The API version in use: the older of both sides' newest, learnt by one `HEAD /_ping`.
    public func version() throws(ClientError) -> String {
        if let negotiated { return negotiated }
        let response = try ping()
        let theirs = response.header("Api-Version") ?? "1.24"
        let version =
            EngineClient.isOlder(theirs, than: EngineClient.newestVersion) ? theirs : EngineClient.newestVersion
        negotiated = version
        return version
    }

    /// The head of the answer to `HEAD /_ping`, or to `GET /_ping` where HEAD is refused.
    public func ping() throws(ClientError) -> ResponseHead {
        let request = Request(.head, "/_ping")
        let socket = try connect()
        let text = try request.head(version: nil, upgrade: false, keeps: true)
        _ = try EngineClient.send(request, head: text, to: socket)
        let (head, rest) = try EngineClient.receiveHead(request, from: socket)
        guard head.status < 400 else { return try exchange(Request(.get, "/_ping"), version: nil).head }
        if rest.isEmpty, head.header("Connection")?.lowercased() != "close" { kept = consume socket }
        return head
    }

    /// The kept connection if it is still open, or a new one.
    private func connect() throws(ClientError) -> Socket {
        if let kept = kept.take(), kept.isQuiet { return kept }
        return try Socket(to: address, through: tunnel)
    }

    /// Whether an API version such as `1.41` is older than another.
    public static func isOlder(_ a: String, than b: String) -> Bool {
        func numbers(_ text: String) -> [Int] { text.split(byte: ".").map { Int($0) ?? 0 } }
        return numbers(a).lexicographicallyPrecedes(numbers(b))
    }

    /// Sends a request and returns its answer when the head has come. A status of 400 or more is thrown as
    /// ``ClientError/refused(status:message:)``, a redirection as ``ClientError/redirected(request:)``.
    public func open(_ request: Request) throws(ClientError) -> Response {
        let response = try exchange(request, version: try version())
        guard response.head.isAnswer else { throw response.refusal() }
        return response
    }

    /// Sends a request without a version prefix and returns its answer whatever its status, for servers that are no
    /// engine.
    public func openUnversioned(_ request: Request) throws(ClientError) -> Response {
        try exchange(request, version: nil)
    }

    /// Sends a request and returns the JSON document of its answer; `null` for an empty body.
    public func json(_ request: Request) throws(ClientError) -> JSON { try open(request).json() }

    /// Sends a request and returns the head of its answer; the body is read and dropped.
    @discardableResult
    public func perform(_ request: Request) throws(ClientError) -> ResponseHead {
        let response = try open(request)
        _ = try response.body()
        return response.head
    }

    /// Sends a request and returns without waiting for its answer.
    public func begin(_ request: Request) throws(ClientError) -> PendingAnswer {
        let text = try request.head(version: try version(), upgrade: false)
        let socket = try connect()
        _ = try EngineClient.send(request, head: text, to: socket)
        return PendingAnswer(request, socket: socket)
    }

    /// Sends a request that makes the connection a raw stream. Any answer but `101` is thrown as
    /// ``ClientError/upgradeRefused(status:message:)``.
    public func hijack(_ request: Request) throws(ClientError) -> HijackedStream {
        let text = try request.head(version: try version(), upgrade: true)
        let socket = try connect()
        _ = try EngineClient.send(request, head: text, to: socket)
        let (head, rest) = try EngineClient.receiveHead(request, from: socket)
        if head.status == 101 { return HijackedStream(head: head, rest: rest, socket: socket) }
        let response = try Response(head: head, rest: rest[...], request: request, socket: socket)
        throw .upgradeRefused(status: head.status, message: response.message())
    }

    private func exchange(_ request: Request, version: String?) throws(ClientError) -> Response {
        let text = try request.head(version: version, upgrade: false)
        let socket = try connect()
        _ = try EngineClient.send(request, head: text, to: socket)
        let (head, rest) = try EngineClient.receiveHead(request, from: socket)
        return try Response(head: head, rest: rest[...], request: request, socket: socket)
    }

    /// Sends a request. Returns false when the engine closed before all was sent; its answer may have come all the
    /// same.
    private static func send(_ request: Request, head: String, to socket: borrowing Socket) throws(ClientError) -> Bool
    {
        switch request.body {
        case .empty: return try socket.sendAll(Array(head.utf8))
        case .json(let value): return try socket.sendAll(Array((head + value.text).utf8))
        case .text(_, let body): return try socket.sendAll(Array((head + body).utf8))
        case .stream(_, let next):
            guard try socket.sendAll(Array(head.utf8)) else { return false }
            while let chunk = try next() {
                if chunk.isEmpty { continue }
                let size = Array((String(chunk.count, radix: 16) + "\r\n").utf8)
                guard try socket.sendAll(size + chunk + [0x0D, 0x0A]) else { return false }
            }
            return try socket.sendAll(Array("0\r\n\r\n".utf8))
        }
    }

    /// The head of the final answer and the bytes after it. Interim 1xx answers except 101 are skipped.
    private static func receiveHead(
        _ request: Request, from socket: borrowing Socket
    ) throws(ClientError) -> (ResponseHead, [UInt8]) {
        var bytes: [UInt8] = []
        while true {
            if let (head, length) = try ResponseHead.parse(bytes) {
                bytes.removeFirst(length)
                if head.status >= 200 || head.status == 101 { return (head, bytes) }
                continue
            }
            switch try socket.receive(wait: true) {
            case .bytes(let more): bytes += more
            case .nothingYet: continue
            case .end: throw request.disconnected
            }
        }
    }
}
