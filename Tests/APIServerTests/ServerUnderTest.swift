import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix
import Supervision
import Supervisor
import Synchronization
import TestSupport

@testable import APIServer

/// A server on a Unix socket of its own, with an engine that was never started.
final class ServerUnderTest {
    let path: String
    private let directory: String
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    init(
        routes: RouteTable = .dockerEngine, bounds: APIBounds = APIBounds(openFiles: 4096)
    ) async throws {
        path = TestRun.directory + "/sereno-api-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        directory = path + ".data"
        let supervisor = try Self.idleSupervisor(directory, group.next())
        channel = try await APIServer(supervisor: supervisor, group: group, bounds: bounds, routes: routes)
            .serve(unixSocket: path)
    }

    func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
        unlink(path)
        try FileManager.default.removeItem(atPath: directory)
    }

    /// The keeper's socket is found by an environment variable, which all tests of this process share.
    private static let environment = Mutex(())

    /// A supervisor whose keeper never says anything.
    private static func idleSupervisor(_ directory: String, _ loop: any EventLoop) throws -> Supervisor {
        try FileManager.default.createDirectory(atPath: directory + "/data", withIntermediateDirectories: true)
        var configuration = EngineConfiguration()
        configuration.dataRoot = directory + "/data"
        configuration.execRoot = directory + "/run"
        return try environment.withLock { _ in
            var ends: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
                throw RawClient.Failed(operation: "socketpair")
            }
            setenv("SERENO_KEEPER_FD", String(ends[0]), 1)
            return try Supervisor(
                configuration: configuration, loop: loop, log: Logger(label: "test"), onReplace: {}, onKeeperGone: {})
        }
    }

    /// Sends bytes, optionally closes the sending side, and returns all that comes until the server closes or
    /// `seconds` pass without more.
    func exchange(_ text: String, halfClose: Bool = false, seconds: Int = RawClient.patience) async throws -> String {
        try await talk { client in
            try client.send(Array(text.utf8))
            if halfClose { client.closeOutput() }
            return String(decoding: client.receiveAll(seconds: seconds), as: UTF8.self)
        }
    }

    /// Lets a client talk, off the threads that tests and tasks share.
    func talk<Result: Sendable>(_ body: @escaping @Sendable (RawClient) throws -> Result) async throws -> Result {
        let path = self.path
        return try await NIOSingletons.posixBlockingThreadPool.runIfActive { try body(try RawClient(path: path)) }
    }

    /// One request with `Connection: close`.
    func get(_ target: String, method: String = "GET", headers: String = "", body: String = "") async throws -> String {
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return try await exchange(
            "\(method) \(target) HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\(headers)\(length)\r\n\(body)")
    }
}

/// A client that says exactly what it is told to.
final class RawClient {
    let descriptor: Int32

    /// Seconds. Routes run on the threads that the tests share, each of which another test may hold for minutes.
    static let patience = 600

    struct Failed: Error { let operation: String }

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8) + [0]) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 { throw Failed(operation: "connect") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { throw Failed(operation: "send") }
            sent += count
        }
    }

    func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the server closes, `enough` says so, or `seconds` pass without anything.
    func receiveAll(seconds: Int = patience, until enough: ([UInt8]) -> Bool = { _ in false }) -> [UInt8] {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !enough(received) {
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, Int32(seconds * 1000)) > 0 else { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            received += buffer[..<count]
        }
        return received
    }

    /// What comes up to the empty line after a head.
    func receiveHead() -> String {
        String(decoding: receiveAll { $0.suffix(4) == [13, 10, 13, 10] }, as: UTF8.self)
    }
}
