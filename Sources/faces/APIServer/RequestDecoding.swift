internal import NIOCore
internal import NIOHTTP1

/// The decoder of a connection's requests.
enum RequestDecoding {
    private typealias Handler = ByteToMessageHandler<HTTPRequestDecoder>

    /// A decoder of requests, one after the other. It stops behind a request that may end HTTP.
    static func handler() -> ByteToMessageHandler<HTTPRequestDecoder> {
        Handler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: APIServer.headerLimits))
    }

    /// Replaces a decoder that has stopped, as HTTP goes on after all. The new one begins with the bytes that the old one
    /// has not read. Call on the channel's loop.
    static func renew(in pipeline: ChannelPipeline) throws {
        let operations = pipeline.syncOperations
        let stopped = try operations.handler(type: Handler.self)
        try operations.addHandler(handler(), position: .after(stopped))
        operations.removeHandler(stopped, promise: nil)
    }
}
