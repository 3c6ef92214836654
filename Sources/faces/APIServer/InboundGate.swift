internal import NIOCore
internal import NIOHTTP1

/// A handler between the socket and the HTTP decoder that holds back the client's bytes while a request runs.
///
/// NIO reads everything up to the end of the client's side as soon as that side is closed, requested or not. The
/// decoder drops what is not HTTP when it sees the end. The gate keeps both the bytes that a client glued to a hijack
/// and the end of its input.
///
/// The gate is first to see input and last to see output; it counts both in the connection's account.
final class InboundGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// The most bytes of a request's head, its first line included; NIO's decoder bounds the headers only.
    static let headLimit = 256 * 1024

    /// The time at which the head being read began; `nil` between two requests.
    private(set) var headBegan: NIODeadline?
    private var headBytes = 0
    private var isReadingHead = true
    /// Whether a body is being read; `overhead` is the number of bytes since its last piece.
    private var isReadingBody = false
    private var overhead = 0
    private let account: ConnectionAccount
    private var isClosed = false
    private var held: [ByteBuffer] = []
    private var heldEnd = false
    private var context: ChannelHandlerContext?

    init(_ account: ConnectionAccount) { self.account = account }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Treats the next bytes as a head.
    func expectHead() {
        account.remove(headBytes)
        headBegan = nil
        headBytes = 0
        isReadingHead = true
    }

    /// Notes that the head is complete.
    func headEnded() {
        headBegan = nil
        isReadingHead = false
        isReadingBody = true
        overhead = 0
    }

    /// Notes that a piece of a body came.
    func bodyCame() { overhead = 0 }

    /// Holds back all bytes that come from now on.
    func close() {
        isClosed = true
        isReadingBody = false
    }

    /// Lets through the bytes held back, until the gate is closed again.
    func open() {
        isClosed = false
        while !isClosed, !held.isEmpty {
            let bytes = held.removeFirst()
            account.remove(bytes.readableBytes)
            if let context { pass(bytes, context) }
            context?.fireChannelReadComplete()
        }
        if !isClosed, heldEnd {
            heldEnd = false
            context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard isClosed else { return pass(bytes, context) }
        held.append(bytes)
        account.add(bytes.readableBytes)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let size = unwrapOutboundIn(data).readableBytes + ConnectionAccount.pieceCost
        account.add(size)
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.whenComplete { [account] _ in account.remove(size) }
        context.write(data, promise: written)
    }

    private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        if isReadingHead {
            headBegan = headBegan ?? .now()
            headBytes += bytes.readableBytes
            account.add(bytes.readableBytes)
            guard headBytes <= Self.headLimit else {
                isClosed = true
                return context.fireErrorCaught(HTTPParserError.headerOverflow)
            }
        }
        let wasBody = isReadingBody
        if wasBody { overhead += bytes.readableBytes }
        context.fireChannelRead(wrapInboundOut(bytes))
        guard wasBody, isReadingBody, overhead > RequestFraming.overheadLimit else { return }
        isClosed = true
        context.fireErrorCaught(HTTPParserError.invalidChunkSize)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isClosed, case .some(.inputClosed) = event as? ChannelEvent {
            heldEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
