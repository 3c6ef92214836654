internal import Linux
internal import NIOCore
internal import NIOPosix

/// A pipe whose reading end belongs to the event loop. Blocking work elsewhere feeds an answer through it.
struct PipeSource: Sendable {
    private let channel: any Channel
    private let bytes: ByteStream

    /// A source and the writing end, which the caller owns. Closing the writing end ends the source.
    nonisolated(nonsending) static func open(on loop: any EventLoop) async throws -> (source: PipeSource, writer: CInt)
    {
        let pipe = try StreamPair().release()
        let bytes = ByteStream(loop: loop)
        let channel = try await NIOPipeBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PipeSourceHandler(bytes))
                }
            }
            .takingOwnershipOfDescriptor(input: pipe.reader).value()
        return (PipeSource(channel: channel, bytes: bytes), pipe.writer)
    }

    /// The next bytes; `nil` at the end.
    nonisolated(nonsending) func next() async throws -> ByteBuffer? { try await bytes.next() }

    /// Closes the reading end; a later write gets EPIPE.
    func close() { channel.close(promise: nil) }
}

/// Fills a stream from a pipe and stops reading while it is full.
private final class PipeSourceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never

    private let bytes: ByteStream
    private var heldRead = false

    init(_ bytes: ByteStream) { self.bytes = bytes }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        bytes.onResume {
            let (handler, context) = bound.value
            guard handler.heldRead else { return }
            handler.heldRead = false
            context.read()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { bytes.onResume {} }

    func read(context: ChannelHandlerContext) {
        if bytes.isFull { heldRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { bytes.receive(unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) {
        bytes.finish(.success(()))
        context.fireChannelInactive()
    }
}
