internal import Engine
internal import Model
internal import NIOCore
internal import Runs

/// A connection that is a raw stream in both directions. The engine writes a process's output to it; the client's bytes
/// go to the process. Belongs to the connection's event loop.
///
/// Neither side can fill the memory. Nothing is read from the client before the engine took the last piece, and the
/// engine learns when each piece of output has left the process.
final class HijackedConnection: AttachSink {
    /// Time that a client has to close its side after the output has ended.
    static let lingering = TimeAmount.seconds(2)

    /// Longest time for which output waits for the client to take the head of the answer.
    static let headTime = TimeAmount.milliseconds(500)
    /// Least and longest time between two looks at whether the head was taken.
    private static let lookTimes = (TimeAmount.microseconds(100), TimeAmount.milliseconds(10))

    private enum Head {
        case unsent
        case sent
        /// Output waits for the client to take the head.
        case awaited
        case taken
    }

    private enum Input {
        /// The engine has not connected yet.
        case waiting([ByteBuffer], closed: Bool)
        case connected(any AttachInput)
        /// The client closed its side, or the output has ended: later bytes are dropped.
        case ended
    }

    private struct State {
        var input = Input.waiting([], closed: false)
        /// Takes the client's frames apart; `nil` where its bytes have none.
        var reader: WebSocketReader?
        var head = Head.unsent
        var held: [(bytes: ByteBuffer, written: EventLoopPromise<Void>)] = []
        var outputEnded = false
        var clientClosed = false
        var gone = false
    }

    private let channel: any Channel
    private let framing: StreamFraming
    private let account: ConnectionAccount
    private let state: NIOLoopBoundBox<State>

    init(channel: any Channel, framing: StreamFraming, account: ConnectionAccount) {
        self.channel = channel
        self.account = account
        self.framing = framing
        var initial = State()
        if case .webSocket = framing { initial.reader = WebSocketReader() }
        state = NIOLoopBoundBox(initial, eventLoop: channel.eventLoop)
    }

    // MARK: From the server

    /// Lets output follow, as the head of the answer has been sent.
    func open() {
        state.value.head = .sent
        if !state.value.held.isEmpty || state.value.outputEnded { awaitHead() }
    }

    /// Sends output once the client has taken the head. Clients (docker-py) read the head through a buffer and the rest past it:
    /// what follows at once is lost in that buffer.
    private func awaitHead() {
        guard case .sent = state.value.head else { return }
        state.value.head = .awaited
        look(next: Self.lookTimes.0, until: .now() + Self.headTime)
    }

    private func look(next: TimeAmount, until end: NIODeadline) {
        guard !state.value.gone else { return }
        guard SocketOutput.isTaken(channel) || .now() >= end else {
            channel.eventLoop.scheduleTask(in: next) {
                self.look(next: min(next * 2, Self.lookTimes.1), until: end)
            }
            return
        }
        state.value.head = .taken
        let held = state.value.held
        state.value.held = []
        for (bytes, written) in held { channel.writeAndFlush(bytes, promise: written) }
        if state.value.outputEnded { closeOutput() }
    }

    /// Connects the client's bytes, past and future, to a process; `nil` drops them.
    func connect(_ target: (any AttachInput)?) {
        guard let target else {
            state.value.input = .ended
            channel.read()
            return
        }
        guard !state.value.gone else { return target.detach() }
        guard case .waiting(let early, let closed) = state.value.input else { return }
        state.value.input = .connected(target)
        for bytes in early { target.write(bytes, taken: channel.eventLoop.makePromise()) }
        if closed { clientClosed() } else { channel.read() }
    }

    /// Shows a sentence to the client as output of the process.
    func show(_ message: String) {
        write(.stdout, ByteBuffer(string: message), written: channel.eventLoop.makePromise())
    }

    // MARK: From the engine

    func write(_ stream: OutputStream, _ bytes: ByteBuffer, written: EventLoopPromise<Void>) {
        guard !state.value.outputEnded, !state.value.gone else {
            return written.fail(ChannelError.ioOnClosedChannel)
        }
        let framed = framing.frame(stream, bytes)
        if case .taken = state.value.head { return channel.writeAndFlush(framed, promise: written) }
        state.value.held.append((framed, written))
        awaitHead()
    }

    func finish() {
        guard !state.value.outputEnded else { return }
        state.value.outputEnded = true
        if case .taken = state.value.head { closeOutput() } else { awaitHead() }
    }

    // MARK: From the client

    /// Takes bytes from the client and returns. Reading goes on when the process has taken them.
    func received(_ bytes: ByteBuffer) {
        guard let input = state.value.reader?.read(bytes) else { return take(bytes) }
        var answered = channel.eventLoop.makeSucceededVoidFuture()
        for ping in input.pings { answered = channel.writeAndFlush(WebSocketFrame.pong(ping)) }
        if input.data.readableBytes > 0 {
            take(input.data)
        } else if input.end == nil {
            let channel = self.channel
            answered.whenComplete { _ in channel.read() }
        }
        if let end = input.end { close(end) }
    }

    /// Agrees to the end of a WebSocket, and ends it.
    private func close(_ reason: WebSocketClosing) {
        let channel = self.channel
        state.value.outputEnded = true
        channel.writeAndFlush(WebSocketFrame.close(reason)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func take(_ bytes: ByteBuffer) {
        switch state.value.input {
        case .waiting(var early, let closed):
            early.append(bytes)
            state.value.input = .waiting(early, closed: closed)
        case .connected(let target):
            let taken = channel.eventLoop.makePromise(of: Void.self)
            let (channel, account, count) = (self.channel, self.account, bytes.readableBytes)
            account.add(count)
            taken.futureResult.whenComplete { _ in
                account.remove(count)
                channel.read()
            }
            target.write(bytes, taken: taken)
        case .ended: channel.read()
        }
    }

    /// Ends the process's input, as the client closed its sending side. Output goes on.
    func clientClosed() {
        state.value.clientClosed = true
        switch state.value.input {
        case .waiting(let early, _): state.value.input = .waiting(early, closed: true)
        case .connected(let target):
            target.closeInput()
        case .ended: break
        }
        if state.value.outputEnded, case .taken = state.value.head { channel.close(promise: nil) }
    }

    /// Lets go of the process, as the connection is gone in both directions.
    func closed() {
        guard !state.value.gone else { return }
        state.value.gone = true
        for (_, written) in state.value.held { written.fail(ChannelError.ioOnClosedChannel) }
        state.value.held = []
        if case .connected(let target) = state.value.input { target.detach() }
        state.value.input = .ended
    }

    /// Ends the output. The client's side is drained for a while first, as closing with unread input would reset the
    /// connection (unix(7)).
    private func closeOutput() {
        let channel = self.channel
        let both = state.value.clientClosed
        channel.writeAndFlush(framing.end).whenComplete { _ in
            if both {
                channel.close(promise: nil)
            } else {
                channel.close(mode: .output, promise: nil)
                channel.read()
                channel.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
            }
        }
    }
}

/// The last handler of a hijacked channel; it reports to the connection what the client does.
final class HijackHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: HijackedConnection

    init(_ connection: HijackedConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.received(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { connection.clientClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.closed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
