public import Engine
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The Docker Engine API on listening sockets, served on the engine's own event loop.
public struct APIServer: Sendable {
    /// Connections that may wait to be accepted.
    static let backlog: Int32 = 512
    /// Bytes of one header, and of all headers of a request together, that are accepted.
    static let headerLimits: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 64 * 1024
        limits.maxHeaderListSize = 128 * 1024
        limits.maxHeaderFieldCount = 100
        return limits
    }()

    private let engine: Engine
    private let group: any EventLoopGroup
    private let routes: RouteTable

    /// A server for an engine. `group` must hold the engine's loop only.
    public init(engine: Engine, group: any EventLoopGroup) {
        self.init(engine: engine, group: group, routes: .dockerEngine)
    }

    init(engine: Engine, group: any EventLoopGroup, routes: RouteTable) {
        self.engine = engine
        self.group = group
        self.routes = routes
    }

    /// Serves on a listening socket that somebody else made (a keeper, systemd); it is closed with the channel.
    public func serve(listening descriptor: CInt) async throws -> any Channel {
        try await bootstrap().withBoundSocket(descriptor).get()
    }

    /// Makes a Unix socket and serves on it. A stale socket file of that name is replaced.
    public func serve(unixSocket path: String) async throws -> any Channel {
        try await bootstrap().bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    }

    private func bootstrap() -> ServerBootstrap {
        let engine = self.engine
        let routes = self.routes
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = HTTPRequestDecoder(
                        leftOverBytesStrategy: .forwardBytes, limitConfiguration: Self.headerLimits)
                    let gate = InboundGate()
                    try channel.pipeline.syncOperations.addHandlers([
                        gate, HTTPResponseEncoder(), ByteToMessageHandler(decoder),
                        ConnectionHandler(engine: engine, routes: routes, gate: gate),
                    ])
                }
            }
    }
}
