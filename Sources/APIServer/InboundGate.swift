internal import NIOCore

/// Stands between the socket and the HTTP decoder and holds back what the client sends while a request runs.
///
/// NIO reads everything up to the end of the client's side as soon as that side is closed, asked or not, and the
/// decoder drops what is not HTTP when it sees the end. Held back here, neither the bytes that a client glued to a hijack
/// nor the end of its input is lost.
final class InboundGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var isClosed = false
    private var held: [ByteBuffer] = []
    private var heldEnd = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Holds back what comes from now on.
    func close() { isClosed = true }

    /// Lets through what was held back, as far as nobody closes the gate again meanwhile.
    func open() {
        isClosed = false
        while !isClosed, !held.isEmpty {
            context?.fireChannelRead(wrapInboundOut(held.removeFirst()))
            context?.fireChannelReadComplete()
        }
        if !isClosed, heldEnd {
            heldEnd = false
            context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosed { held.append(unwrapInboundIn(data)) } else { context.fireChannelRead(data) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isClosed, case .some(.inputClosed) = event as? ChannelEvent {
            heldEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
