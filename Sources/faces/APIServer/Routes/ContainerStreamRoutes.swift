internal import DockerAPI
internal import Engine
internal import HostService
import JSONFormat
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Runs

/// Routes that stream from containers: attach, logs, stats.
let containerStreamRoutes: [Route] = [
    Route(.POST, "/containers/{name}/attach") { engine, request in
        let container = try engine.inspect(request.name)
        let options = request.attachOptions
        return .hijack(
            Hijack(framing: StreamFraming(terminal: container.spec.process.terminal)) { engine, connection in
                connection.connect(try engine.attach(container.id.text, options, sink: connection))
            })
    },
    Route(.GET, "/containers/{name}/attach/ws") { engine, request in
        let container = try engine.inspect(request.name)
        let handshake = try WebSocketHandshake(request.headers)
        var options = request.attachOptions
        if request.version < .webSocketStreams { (options.stdin, options.stdout, options.stderr) = (true, true, true) }
        let attach = options
        let framing = StreamFraming.webSocket(handshake, binary: request.version >= .binaryWebSocket)
        return .hijack(
            Hijack(framing: framing) { engine, connection in
                connection.connect(try engine.attach(container.id.text, attach, sink: connection))
            })
    },
    Route(.GET, "/containers/{name}/logs") { engine, request in
        var wanted = LogRequest()
        wanted.stdout = request.query.flag("stdout")
        wanted.stderr = request.query.flag("stderr")
        guard wanted.stdout || wanted.stderr else {
            throw RequestError.invalid("Bad parameters: you must choose at least one stream")
        }
        wanted.follow = request.query.flag("follow")
        wanted.timestamps = request.query.flag("timestamps")
        wanted.details = request.query.flag("details")
        wanted.since = try RequestTime.parse(request.query["since"])
        wanted.until = try RequestTime.parse(request.query["until"])
        wanted.tail = Int(request.query.text("tail")).flatMap { $0 < 0 ? nil : $0 }
        let container = try engine.inspect(request.name)
        wanted.multiplexed = !container.spec.process.terminal
        let session = try await engine.logs(container.id.text, wanted)
        let kind =
            wanted.multiplexed && request.version >= .multiplexedContentType ? "multiplexed-stream" : "raw-stream"
        return .stream(
            StreamedBody(contentType: "application/vnd.docker.\(kind)") { _, stream in
                while let bytes = try await session.next() {
                    // Counted, as another piece of this size is read ahead while it is sent.
                    request.account.add(bytes.readableBytes)
                    defer { request.account.remove(bytes.readableBytes) }
                    try await stream.write(bytes)
                }
            })
    },
    Route(.GET, "/containers/{name}/stats") { engine, request in
        let stream = request.query.flag("stream", absent: true)
        let oneShot = request.query.flag("one-shot")
        if stream, oneShot {
            throw RequestError.invalid("cannot have stream=true and one-shot=true")
        }
        let reference = try engine.inspect(request.name).id.text
        if !stream {
            var previous: StatsSample?
            if !oneShot {
                previous = try await request.sample(reference, on: engine)
                try await engine.pause(for: .seconds(1))
            }
            return .json(
                try await request.statsAnswer(
                    reference, previous: previous, on: engine
                ).json)
        }
        return .stream(
            StreamedBody { engine, out in
                var previous: StatsSample?
                while true {
                    let (answer, sample) = try await request.statsAnswer(
                        reference, previous: previous, on: engine)
                    try await out.write(answer.encoded() + [0x0A])
                    previous = sample
                    try await out.unlessClosed(engine.loop.scheduleTask(in: .seconds(1)) {}.futureResult)
                }
            })
    },
]

extension APIRequest {
    /// What a request to attach asks for.
    fileprivate var attachOptions: AttachOptions {
        var options = AttachOptions()
        options.logs = query.flag("logs")
        options.stream = query.flag("stream")
        options.stdin = query.flag("stdin")
        options.stdout = query.flag("stdout")
        options.stderr = query.flag("stderr")
        options.untilFinal = query.text("until") == "final"
        options.detachKeys = query.text("detachKeys")
        return options
    }

    /// A sample of a running container; `nil` when it does not run, which Docker shows as zeros.
    func sample(_ reference: String, on engine: isolated Engine) async throws -> StatsSample? {
        let container = try engine.inspect(reference)
        guard container.state.running, container.state.pid > 0 else { return nil }
        return try await host.stats(reference, on: engine)
    }

    /// A sample and the answer made of it.
    func statsAnswer(
        _ reference: String, previous: StatsSample?, on engine: isolated Engine
    ) async throws -> (json: JSON, sample: StatsSample?) {
        let container = try engine.inspect(reference)
        let sample = try await sample(reference, on: engine)
        return (StatsAnswer(container, sample: sample, previous: previous).json, sample)
    }
}

extension Engine {
    /// Waits for a span of time on the engine's loop.
    func pause(for span: TimeAmount) async throws {
        try await loop.scheduleTask(in: span) {}.futureResult.value()
    }
}
