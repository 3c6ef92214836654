internal import Linux
public import Model
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import Supervisor

/// The Docker Engine API on listening sockets, served on the engine's own event loop.
public struct APIServer: Sendable {
    /// Connections that may wait to be accepted; the kernel lowers the number to net.core.somaxconn.
    static let backlog: Int32 = 512
    /// Bounds on one header, and on all headers of a request together.
    static let headerLimits: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 64 * 1024
        limits.maxHeaderListSize = 128 * 1024
        limits.maxHeaderFieldCount = 100
        return limits
    }()

    private let supervisor: Supervisor
    private let group: any EventLoopGroup
    private let routes: RouteTable
    private let table: ConnectionTable

    /// A server for a supervisor. `group` must hold the engine's loop only. `onRest` is called on that loop when the
    /// server has answered nothing for five seconds, once for each time of rest.
    public init(
        supervisor: Supervisor, group: any EventLoopGroup, bounds: APIBounds,
        onRest: @escaping @Sendable () -> Void = {}
    ) {
        self.init(supervisor: supervisor, group: group, bounds: bounds, routes: .dockerEngine, onRest: onRest)
    }

    init(
        supervisor: Supervisor, group: any EventLoopGroup, bounds: APIBounds, routes: RouteTable,
        onRest: @escaping @Sendable () -> Void = {}
    ) {
        table = ConnectionTable(bounds, loop: supervisor.engine.loop, log: supervisor.engine.log, onRest: onRest)
        self.supervisor = supervisor
        self.group = group
        self.routes = routes
    }

    /// Serves on a listening socket that another program made (a keeper, systemd). The socket is closed with the
    /// channel.
    public func serve(listening descriptor: CInt) async throws -> any Channel {
        let channel = try await bootstrap().withBoundSocket(descriptor).get()
        // NIO has called listen(2) already, with a backlog of its own.
        UnixListener.listen(descriptor, backlog: Self.backlog)
        return channel
    }

    /// Makes a Unix socket and serves on it. A stale socket file of that name is replaced.
    public func serve(unixSocket path: String) async throws -> any Channel {
        try await bootstrap().bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    }

    /// Serves a connection that the caller accepted. The caller vouches that its peer is `client`.
    public func serve(connected descriptor: CInt, client: Client) {
        ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.prepare(channel, ConnectionPeer(client)) }
            }
            .withConnectedSocket(descriptor).whenFailure { _ in }
    }

    /// Counts of connections, requests and held bytes. Call on the engine's loop.
    public var counters: APICounters { table.counters }

    private func bootstrap() -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.prepare(channel, ConnectionPeer(of: channel)) }
            }
    }

    private func prepare(_ channel: any Channel, _ peer: ConnectionPeer) throws {
        let account = ConnectionAccount(table, loop: channel.eventLoop)
        let gate = InboundGate(account)
        let handler = ConnectionHandler(
            supervisor: supervisor, routes: routes, gate: gate, peer: peer, table: table, account: account)
        guard table.admit(handler, channel, account) else {
            channel.writeAndFlush(Self.full).whenComplete { _ in channel.close(promise: nil) }
            return
        }
        try channel.pipeline.syncOperations.addHandlers([
            gate, HTTPResponseEncoder(), RequestDecoding.handler(), handler,
        ])
    }

    /// The answer to a client for whom there is no room.
    private static let full: ByteBuffer = {
        let body = #"{"message":"too many connections: every one is in use"}"# + "\n"
        return ByteBuffer(
            string: "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Retry-After: 1\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
    }()
}
