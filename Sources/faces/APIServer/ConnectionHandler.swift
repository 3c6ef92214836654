internal import DockerAPI
internal import NIOCore
internal import NIOHTTP1
internal import Supervisor

/// Serves one connection: requests in order, one at a time, until it is closed or hijacked.
///
/// While a request runs, only its own streamed body is read. A client that pipelines or floods waits in its own socket
/// buffer. When the client goes away, the running request is cancelled.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The most bytes of a JSON body; a longer one is answered 413.
    static let collectedBodyLimit = 4 * 1024 * 1024
    /// The most bytes of a body that are read after its answer. A client that writes all before it reads would see its
    /// connection break, and not the answer.
    static let droppedBodyLimit = 256 * 1024 * 1024

    private enum State {
        case idle
        case collecting(Incoming, ByteBuffer)
        case streaming(ByteStream)
        case running
        /// The answer is complete, but the client has not read enough of it for another to follow.
        case draining
        /// An answer was sent before the body was complete. The rest is dropped, up to a bound, so that the client gets
        /// to read the answer.
        case dropping
        /// An answer was sent before the request was complete; the rest is not worth reading.
        case closing
    }

    /// A request whose head is known.
    private struct Incoming {
        let head: HTTPRequestHead
        let target: RequestTarget
        let route: Route
        let captures: [String]
    }

    private let supervisor: Supervisor
    private let routes: RouteTable
    private let gate: InboundGate
    private let peer: ConnectionPeer
    private let table: ConnectionTable
    private let account: ConnectionAccount
    /// Bytes of a body that is read whole; they are kept until its request is answered.
    private var collected = 0
    /// The body of the present request, if it is passed on as it comes.
    private var stream: ByteStream?
    private var state = State.idle {
        didSet {
            switch state {
            case .running, .draining: gate.close()
            case .idle, .collecting, .streaming, .dropping, .closing: break
            }
        }
    }
    /// The time from which deadlines count: the begin of idling, collecting, draining, dropping or closing, or the last
    /// piece of a streamed body.
    private(set) var since = NIODeadline.now()
    private var pending: [HTTPServerRequestPart] = []
    private var heldRead = false
    private var task: Task<Void, Never>?
    private var keepAlive = true
    /// Whether the decoder reads nothing more, as the request is one that may end HTTP.
    private var stopsDecoder = false
    /// Bytes of the present request's body that were dropped.
    private var dropped = 0
    /// Completed when the present answer has left the process; `nil` if it has.
    private var flushed: EventLoopFuture<Void>?
    /// The answer under way, if it goes at the pace of its reader.
    private var paced: PacedAnswer?
    private var context: ChannelHandlerContext?

    init(
        supervisor: Supervisor, routes: RouteTable, gate: InboundGate, peer: ConnectionPeer, table: ConnectionTable,
        account: ConnectionAccount
    ) {
        self.table = table
        self.account = account
        self.supervisor = supervisor
        self.peer = peer
        self.routes = routes
        self.gate = gate
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        if heldRead { context.read() }
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        let mayRead =
            switch state {
            case .idle, .collecting: pending.isEmpty
            case .streaming(let body): !body.isFull
            case .dropping: true
            case .running, .draining, .closing: false
            }
        if mayRead { context.read() } else { heldRead = true }
    }

    private func resumeReading() {
        guard heldRead, let context else { return }
        heldRead = false
        read(context: context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .body = part { gate.bodyCame() }
        switch state {
        case .running, .draining: pending.append(part)
        case .idle, .collecting, .streaming, .dropping, .closing: handle(part, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if deadline(table.bounds) != nil { table.watch() }
        context.fireChannelReadComplete()
    }

    // MARK: Bounds

    /// Whether the connection waits for a request of which no byte has come.
    var isIdle: Bool { if case .idle = state { gate.headBegan == nil } else { false } }

    /// The time at which the connection will have taken too long; `nil` while nothing is due.
    func deadline(_ bounds: APIBounds) -> NIODeadline? {
        switch state {
        case .idle: gate.headBegan.map { $0 + bounds.headTime }
        case .collecting: since + bounds.bodyTime
        case .draining, .dropping, .closing: since + bounds.answerTime
        case .streaming(let body): body.isFull ? nil : since + bounds.stillTime
        case .running: paced?.deadline(bounds.stillTime)
        }
    }

    /// Ends the connection because it has taken too long: with 408 where a request is incomplete.
    func expire() {
        guard let context else { return }
        switch state {
        case .idle, .collecting: refuse(.init(status: 408, message: "the request took too long to come"), context)
        case .draining, .dropping, .closing, .streaming, .running: context.close(promise: nil)
        }
    }

    /// Marks the answer as one that holds a thread at the pace of its reader. A reader that takes nothing more is let
    /// go.
    func beginPaced() {
        guard let context else { return }
        paced = PacedAnswer(context.channel)
        table.watch()
    }

    /// Counts bytes of a paced answer that have left the process.
    func sent(_ count: Int) { paced?.sent(count) }

    /// Closes the connection because all connections together hold too many bytes, and this one the most. The client
    /// gets 503 if no byte of an answer was sent; else its stream ends in the middle, where no message has a place.
    func letGo(_ channel: any Channel) {
        switch state {
        case .idle, .collecting:
            guard let context else { return channel.close(promise: nil) }
            refuse(.init(status: 503, message: "too much is held in memory for all clients"), context)
        case .draining, .dropping, .closing, .streaming, .running: channel.close(promise: nil)
        }
    }

    /// Closes the connection to make room.
    func close() { context?.close(promise: nil) }

    private func handle(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, state) {
        case (.head(let head), .idle): begin(head, context)
        case (.body(let bytes), .collecting(let incoming, var body)):
            guard body.readableBytes + bytes.readableBytes <= Self.collectedBodyLimit else {
                table.countOversized()
                return refuse(Self.oversized, context, dropsBody: true)
            }
            state = .idle
            body.writeImmutableBuffer(bytes)
            account.add(bytes.readableBytes)
            collected += bytes.readableBytes
            state = .collecting(incoming, body)
        case (.end, .collecting(let incoming, let body)):
            state = .running
            run(incoming, body: body, stream: nil, context)
        case (.body(let bytes), .streaming(let body)):
            since = .now()
            body.receive(bytes)
        case (.end, .streaming(let body)):
            state = .running
            body.finish(.success(()))
        case (.body(let bytes), .dropping):
            dropped += bytes.readableBytes
            if dropped > Self.droppedBodyLimit { context.close(promise: nil) }
        case (.end, .dropping): conclude(context)
        case (.head, .dropping), (_, .running), (_, .draining), (_, .closing), (_, .idle), (.head, .collecting),
            (.head, .streaming):
            break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        keepAlive = head.isKeepAlive
        stopsDecoder = RequestFraming.mayEndHTTP(head)
        dropped = 0
        since = .now()
        gate.headEnded()
        do throws(RequestError) { try RequestFraming.check(head) } catch { return refuse(error, context) }
        let awaitsWord = head.headers.first(name: "Expect")?.lowercased() == "100-continue"
        let incoming: Incoming
        do throws(RequestError) { incoming = try find(head) } catch {
            // Of such a request no body is on its way.
            if awaitsWord { return refuse(error, context) }
            let route = Route.refusing(head.method, "/", error)
            incoming = Incoming(head: head, target: .root, route: route, captures: [])
        }
        if awaitsWord {
            context.writeAndFlush(wrapOutboundOut(.head(.init(version: head.version, status: .continue))), promise: nil)
        }
        switch incoming.route.body {
        case .collected:
            state = .collecting(incoming, ByteBuffer())
        case .streamed:
            let stream = ByteStream(loop: context.eventLoop, account: account)
            let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
            stream.onResume { handler.value.resumeReading() }
            self.stream = stream
            state = .streaming(stream)
            run(incoming, body: ByteBuffer(), stream: stream, context)
        }
    }

    private static let oversized = RequestError(status: 413, message: "request body is larger than 4 MiB")

    private func find(_ head: HTTPRequestHead) throws(RequestError) -> Incoming {
        let target = try RequestTarget(head.uri)
        guard let (route, captures) = routes.match(head.method, target.path) else {
            throw .notFound(RequestTarget.pageNotFound)
        }
        if route.body == .collected, RequestFraming.length(head) > Self.collectedBodyLimit {
            table.countOversized()
            throw Self.oversized
        }
        return Incoming(head: head, target: target, route: route, captures: captures)
    }

    /// Answers an incomplete request and closes the connection: at once if the rest of the request may be anything,
    /// else when the rest of its body was dropped.
    private func refuse(_ error: RequestError, _ context: ChannelHandlerContext, dropsBody: Bool = false) {
        state = dropsBody ? .dropping : .closing
        since = .now()
        keepAlive = false
        letGoOfBody()
        table.watch()
        let writer = ResponseWriter(channel: context.channel, keepAlive: false)
        let flushed = writer.sendWhole(.error(error), isHead: false)
        self.flushed = flushed
        guard !dropsBody else { return }
        flushed.whenComplete { [channel = context.channel] _ in channel.close(promise: nil) }
    }

    // MARK: Running

    private func run(
        _ incoming: Incoming, body: ByteBuffer, stream: ByteStream?, _ context: ChannelHandlerContext
    ) {
        let changes = incoming.head.method != .GET && incoming.head.method != .HEAD
        let request = APIRequest(
            method: incoming.head.method, path: incoming.target.path, version: incoming.target.version,
            query: incoming.target.query, headers: incoming.head.headers, captures: incoming.captures, body: body,
            stream: stream, client: changes ? peer.client : nil, table: table, supervisor: supervisor,
            account: account)
        let exchange = Exchange(
            request: request, route: incoming.route, channel: context.channel,
            writer: ResponseWriter(channel: context.channel, keepAlive: keepAlive),
            handler: NIOLoopBound(self, eventLoop: context.eventLoop))
        task = supervisor.engine.assumeIsolated { engine in
            Task { await exchange.run(on: engine) }
        }
    }

    /// Ends the present answer. The next request is served when the client has read most of it. `flushed` is completed
    /// when all of the answer has left the process.
    func finished(cleanly: Bool, flushed: EventLoopFuture<Void>? = nil) {
        task = nil
        paced = nil
        letGoOfBody()
        table.answered()
        guard let context else { return }
        guard cleanly else { return context.close(promise: nil) }
        if case .closing = state { return }
        since = .now()
        self.flushed = flushed
        if case .streaming = state {
            state = .dropping
            table.watch()
            return resumeReading()
        }
        conclude(context)
    }

    /// Goes on after an answer to a request that has come whole.
    private func conclude(_ context: ChannelHandlerContext) {
        state = .draining
        since = .now()
        if !keepAlive {
            guard let flushed else { return context.close(promise: nil) }
            let channel = context.channel
            flushed.whenComplete { _ in channel.close(promise: nil) }
            table.watch()
        } else if context.channel.isWritable {
            serveNext(context)
        } else {
            table.watch()
        }
    }

    private func letGoOfBody() {
        account.remove(collected)
        collected = 0
        stream?.abandon()
        stream = nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .draining = state, keepAlive, context.channel.isWritable { serveNext(context) }
        context.fireChannelWritabilityChanged()
    }

    private func serveNext(_ context: ChannelHandlerContext) {
        state = .idle
        since = .now()
        gate.expectHead()
        if stopsDecoder {
            stopsDecoder = false
            do { try RequestDecoding.renew(in: context.pipeline) } catch { return context.close(promise: nil) }
        }
        while !pending.isEmpty {
            guard !isAnswering else { return }
            let part = pending.removeFirst()
            handle(part, context)
        }
        guard !isAnswering else { return }
        gate.open()
        resumeReading()
    }

    private var isAnswering: Bool {
        switch state {
        case .running, .draining: true
        case .idle, .collecting, .streaming, .dropping, .closing: false
        }
    }

    /// Takes HTTP out of the pipeline and puts the raw stream in; the head of the answer goes out first.
    func hijack(head: ByteBuffer, _ connection: HijackedConnection) throws {
        guard let context else { throw ChannelError.ioOnClosedChannel }
        task = nil
        letGoOfBody()
        let pipeline = context.pipeline.syncOperations
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
        try context.channel.syncOptions?.setOption(.autoRead, value: false)
        // From the encoder's place the bytes go to the socket as they are; then the encoder must go, as it traps on raw
        // bytes; the decoder goes last, because it hands on what the client sent after the request.
        encoder.writeAndFlush(NIOAny(head), promise: nil)
        pipeline.removeHandler(context: encoder, promise: nil)
        try pipeline.addHandler(HijackHandler(connection))
        heldRead = false
        pipeline.removeHandler(context: context, promise: nil)
        let removed = context.eventLoop.makePromise(of: Void.self)
        let gate = NIOLoopBound(self.gate, eventLoop: context.eventLoop)
        let channel = context.channel
        // A read that was requested while the request ran was held back by this handler, which is gone now.
        removed.futureResult.whenComplete { _ in
            gate.value.open()
            channel.read()
        }
        pipeline.removeHandler(context: decoder, promise: removed)
        connection.open()
    }

    // MARK: The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            keepAlive = false
            switch state {
            case .idle, .collecting, .closing: context.close(promise: nil)
            case .dropping: conclude(context)
            case .streaming(let body): body.finish(.failure(.init()))
            case .running, .draining: break
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .streaming(let body) = state { body.finish(.failure(.init())) }
        task?.cancel()
        task = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        switch state {
        case .idle where error == .headerOverflow:
            table.countOversized()
            refuse(.init(status: 431, message: "request head is larger than 128 KiB"), context)
        case .idle, .collecting: refuse(.invalid("malformed HTTP request"), context)
        // The route that reads the body answers with this failure.
        case .streaming(let body): body.finish(.failure(.init()))
        case .running, .draining, .dropping, .closing: context.close(promise: nil)
        }
    }
}
