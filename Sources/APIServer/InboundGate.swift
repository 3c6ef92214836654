internal import NIOCore
internal import NIOHTTP1

/// Stands between the socket and the HTTP decoder and holds back what the client sends while a request runs.
///
/// NIO reads everything up to the end of the client's side as soon as that side is closed, asked or not, and the
/// decoder drops what is not HTTP when it sees the end. Held back here, neither the bytes that a client glued to a hijack
/// nor the end of its input is lost.
final class InboundGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Bytes of one request's head, its first line included; NIO's decoder bounds its headers only.
    static let headLimit = 256 * 1024

    /// When the head that is being read began; `nil` between two requests.
    private(set) var headBegan: NIODeadline?
    private var headBytes = 0
    private var isReadingHead = true
    private var isClosed = false
    private var held: [ByteBuffer] = []
    private var heldEnd = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// The next bytes are a head again.
    func expectHead() {
        headBegan = nil
        headBytes = 0
        isReadingHead = true
    }

    /// The head is complete.
    func headEnded() {
        headBegan = nil
        isReadingHead = false
    }

    /// Holds back what comes from now on.
    func close() { isClosed = true }

    /// Lets through what was held back, as far as nobody closes the gate again meanwhile.
    func open() {
        isClosed = false
        while !isClosed, !held.isEmpty {
            let bytes = held.removeFirst()
            if let context { pass(bytes, context) }
            context?.fireChannelReadComplete()
        }
        if !isClosed, heldEnd {
            heldEnd = false
            context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosed { held.append(unwrapInboundIn(data)) } else { pass(unwrapInboundIn(data), context) }
    }

    private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        if isReadingHead {
            headBegan = headBegan ?? .now()
            headBytes += bytes.readableBytes
            guard headBytes <= Self.headLimit else {
                isClosed = true
                return context.fireErrorCaught(HTTPParserError.headerOverflow)
            }
        }
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isClosed, case .some(.inputClosed) = event as? ChannelEvent {
            heldEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
