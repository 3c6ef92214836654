internal import DockerAPI
import JSONFormat
internal import NIOCore
internal import NIOHTTP1

/// Turns answers into HTTP, with the headers of every answer of Docker's daemon.
struct ResponseWriter: Sendable {
    private let channel: any Channel
    private let keepAlive: Bool

    /// The `Server` header.
    static let server = "sereno/0.1 (linux)"

    init(channel: any Channel, keepAlive: Bool) {
        self.channel = channel
        self.keepAlive = keepAlive
    }

    /// An answer whose whole body is known.
    struct Whole {
        var status: HTTPResponseStatus
        var contentType: String?
        var body = ByteBuffer()
        var headers: HTTPHeaders = [:]

        static func json(_ json: JSON, _ status: HTTPResponseStatus) -> Whole {
            encoded(json.encoded(), status)
        }

        static func encoded(_ bytes: [UInt8], _ status: HTTPResponseStatus) -> Whole {
            var body = ByteBufferAllocator().buffer(capacity: bytes.count + 1)
            body.writeBytes(bytes)
            body.writeInteger(UInt8(0x0A))
            return Whole(status: status, contentType: "application/json", body: body)
        }

        static func error(_ error: RequestError) -> Whole {
            json(error.body, HTTPResponseStatus(statusCode: error.status))
        }
    }

    /// Sends an answer with its length; the answer to HEAD goes without its body.
    @discardableResult
    func sendWhole(_ answer: Whole, isHead: Bool) -> EventLoopFuture<Void> {
        var headers = commonHeaders(answer.headers)
        if let type = answer.contentType { headers.replaceOrAdd(name: "Content-Type", value: type) }
        // A client takes bytes after such a head for the next answer (RFC 9110, section 15.4.5).
        let hasBody = answer.status != .noContent && answer.status != .notModified
        if hasBody {
            headers.replaceOrAdd(name: "Content-Length", value: String(answer.body.readableBytes))
        }
        channel.write(head(answer.status, headers), promise: nil)
        if hasBody, !isHead, answer.body.readableBytes > 0 {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(answer.body)), promise: nil)
        }
        return channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    }

    /// Sends the head of a streamed answer at once: Docker's client waits for it.
    func sendHead(_ answer: StreamedBody) {
        var headers = commonHeaders(answer.headers)
        headers.replaceOrAdd(name: "Content-Type", value: answer.contentType)
        channel.writeAndFlush(head(answer.status, headers), promise: nil)
    }

    /// Ends a streamed answer.
    nonisolated(nonsending) func sendEnd() async throws {
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).value()
    }

    /// The head of the answer that makes a connection a raw stream: 101 when the client requested an upgrade, else 200.
    func hijackHead(upgrade: Bool, kind: String) -> ByteBuffer {
        var text = upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n"
        text += "Content-Type: application/vnd.docker.\(kind)\r\n"
        if upgrade { text += "Connection: Upgrade\r\nUpgrade: tcp\r\n" }
        return rawHead(text)
    }

    /// The head of the answer behind which WebSocket frames come.
    func webSocketHead(_ handshake: WebSocketHandshake) -> ByteBuffer { rawHead(handshake.head) }

    private func rawHead(_ lines: String) -> ByteBuffer {
        var text = lines
        for (name, value) in commonHeaders([:]) where name != "Connection" { text += "\(name): \(value)\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }

    private func head(_ status: HTTPResponseStatus, _ headers: HTTPHeaders) -> HTTPServerResponsePart {
        .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))
    }

    private func commonHeaders(_ more: HTTPHeaders) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Api-Version": APIVersion.current.description,
            "Docker-Experimental": "false",
            "Ostype": "linux",
            "Server": Self.server,
        ]
        if !keepAlive { headers.add(name: "Connection", value: "close") }
        for (name, value) in more { headers.replaceOrAdd(name: name, value: value) }
        return headers
    }
}
