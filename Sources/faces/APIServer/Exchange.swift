internal import DockerAPI
internal import Engine
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// One request and its answer, from the handler of its route to the last byte.
struct Exchange: Sendable {
    let request: APIRequest
    let route: Route
    let channel: any Channel
    let writer: ResponseWriter
    let handler: NIOLoopBound<ConnectionHandler>

    /// Runs the route's handler on the engine's loop and sends its answer.
    func run(on engine: isolated Engine) async {
        do {
            let response = try await route.handler(engine, request)
            try await send(response, on: engine)
        } catch let cut as StreamCut {
            _ = cut
            handler.value.finished(cleanly: false)
        } catch {
            answer(.error(Self.requestError(error, of: engine)))
        }
    }

    /// The error of a streamed body that failed after its head was sent. The connection is cut, so that the client sees
    /// the failure.
    private struct StreamCut: ReadableError {
        var message: String { "the answer could not be sent to its end" }
    }

    private func send(_ response: APIResponse, on engine: isolated Engine) async throws {
        switch response {
        case .json(let json, let status): answer(.json(json, status))
        case .encoded(let bytes): answer(.encoded(bytes, .ok))
        case .text(let text, let headers):
            answer(
                .init(
                    status: .ok, contentType: "text/plain; charset=utf-8", body: ByteBuffer(string: text),
                    headers: headers))
        case .empty(let status, let headers): answer(.init(status: status, contentType: nil, headers: headers))
        case .stream(let body):
            writer.sendHead(body)
            if body.isPaced { handler.value.beginPaced() }
            do {
                try await body.produce(engine, ResponseStream(channel: channel, handler: handler))
                try await writer.sendEnd()
            } catch {
                throw StreamCut()
            }
            handler.value.finished(cleanly: true)
        case .hijack(let hijack): try await send(hijack, on: engine)
        }
    }

    private func send(_ hijack: Hijack, on engine: isolated Engine) async throws {
        let connection = HijackedConnection(
            channel: channel, framing: hijack.framing, account: request.account)
        try await hijack.prepare(engine, connection)
        let head = head(of: hijack.framing)
        do {
            try handler.value.hijack(head: head, connection)
        } catch {
            connection.closed()
            return
        }
        guard let begin = hijack.begin else { return }
        do {
            try await begin(engine, connection)
        } catch {
            connection.show(Self.requestError(error, of: engine).message + "\r\n")
            connection.connect(nil)
            connection.finish()
        }
    }

    private func head(of framing: StreamFraming) -> ByteBuffer {
        switch framing {
        case .webSocket(let handshake, _): writer.webSocketHead(handshake)
        case .raw: writer.hijackHead(upgrade: request.wantsUpgrade, kind: "raw-stream")
        case .multiplexed:
            // Without an upgrade the type is that of old clients, frames or not, as of dockerd.
            writer.hijackHead(
                upgrade: request.wantsUpgrade,
                kind: request.wantsUpgrade && request.version >= .multiplexedContentType
                    ? "multiplexed-stream" : "raw-stream")
        }
    }

    private func answer(_ whole: ResponseWriter.Whole) {
        let flushed = writer.sendWhole(whole, isHead: request.method == .HEAD)
        handler.value.finished(cleanly: true, flushed: flushed)
    }

    /// The answer to the client for an error of a handler: the one place where an error becomes text for clients. What only a
    /// library threw is logged, as its words are for nobody else.
    static func requestError(_ error: any Error, of engine: Engine) -> RequestError {
        switch error {
        case let error as RequestError: return error
        case let error as ByteStream.Truncated: return .invalid(error.message)
        case let error as EngineError where error.kind != .failed:
            return RequestError(status: error.kind.rawValue, message: error.message)
        default:
            if !(error is any ReadableError) {
                engine.log.error("a request failed", metadata: ["error": "\(error.inFull)"])
            }
            return .failed(engine.places.sentence(of: error))
        }
    }
}
