internal import Engine
internal import NIOCore
internal import NIOHTTP1

/// A response whose body comes in pieces. Its headers are sent and flushed before `produce` runs.
struct StreamedBody: Sendable {
    var status = HTTPResponseStatus.ok
    var contentType = "application/json"
    var headers: HTTPHeaders = [:]
    /// Whether a thread elsewhere waits for the reader. A reader that takes nothing more is let go.
    var isPaced = false
    /// Writes the body. Returning ends it; throwing cuts the connection, so that the client sees it is incomplete.
    let produce: @Sendable (isolated Engine, ResponseStream) async throws -> Void
}

/// The sending side of a streamed response.
struct ResponseStream: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ConnectionHandler>

    init(channel: any Channel, handler: NIOLoopBound<ConnectionHandler>) {
        self.channel = channel
        self.handler = handler
    }

    /// Sends bytes and returns when they have left the process, so that a slow client slows its producer.
    nonisolated(nonsending) func write(_ bytes: ByteBuffer) async throws {
        guard bytes.readableBytes > 0 else { return }
        let count = bytes.readableBytes
        try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(bytes))).value()
        handler.value.sent(count)
    }

    /// Sends bytes and returns when they have left the process.
    nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws {
        try await write(ByteBuffer(bytes: bytes))
    }

    /// The value of the future; fails when the client goes away first.
    nonisolated(nonsending) func unlessClosed<Value: Sendable>(_ future: EventLoopFuture<Value>) async throws -> Value {
        let promise = future.eventLoop.makePromise(of: Value.self)
        future.whenComplete { promise.completeWith($0) }
        channel.closeFuture.whenComplete { _ in promise.fail(ChannelError.ioOnClosedChannel) }
        return try await promise.futureResult.value()
    }
}
