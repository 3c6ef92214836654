import DockerAPI
import Glibc
import Logging
import NIOCore
import NIOPosix
import Runs
import Supervision
import Supervisor
import Synchronization
import TestSupport

@testable import APIClient
@testable import APIServer

extension FuzzTarget {
    static let http = FuzzTarget(
        "http", "whatever a client sends, it gets whole answers or an end, and others are served"
    ) { input in
        let isHijack = input.text.contains("/echo")
        try (isHijack ? FuzzServer.echoing : FuzzServer.docker).get().exchange(input)
    }
}

/// A server whose engine's keeper never says a word.
final class FuzzServer: Sendable {
    /// With the routes of the engine.
    static let docker = Result { try FuzzServer("docker", .dockerEngine) }
    /// With a route that hijacks its connection and echoes, and one for the others who are to be served.
    static let echoing = Result { try FuzzServer("echo", RouteTable([echo, ping])) }

    private let address: EngineAddress
    private let rounds = Atomic(0)

    private init(_ name: String, _ routes: RouteTable) throws {
        let path = FuzzDirectory.shared.path + "/" + name
        address = .unix(path: path)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let supervisor = try Self.idleSupervisor(name, group.next())
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        // Not on the threads of the tests, which wait for it here.
        Task.detached(executorPreference: LoopTaskExecutor(loop: group.next())) {
            do {
                _ = try await APIServer(
                    supervisor: supervisor, group: group, bounds: APIBounds(openFiles: 1024), routes: routes
                ).serve(
                    unixSocket: path)
                outcome.withLock { $0 = .success(()) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
        guard eventually(timeout: 30, { outcome.withLock { $0 != nil } }) else {
            throw TestFailure("the server does not listen")
        }
        try outcome.withLock { try $0?.get() }
    }

    private static func idleSupervisor(_ name: String, _ loop: any EventLoop) throws -> Supervisor {
        var configuration = EngineConfiguration()
        configuration.dataRoot = try FuzzDirectory.shared.directory(name + "-data")
        configuration.execRoot = try FuzzDirectory.shared.directory(name + "-run")
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw TestFailure("socketpair", "keeper")
        }
        setenv("SERENO_KEEPER_FD", String(ends[0]), 1)
        return try Supervisor(
            configuration: configuration, loop: loop, log: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            onReplace: {}, onKeeperGone: {})
    }

    /// Sends an input, closes the sending side and takes what comes, until the server closes or says nothing for a while.
    func exchange(_ input: [UInt8]) throws {
        let socket = try Socket(to: address)
        var rest = input[...]
        var received: [UInt8] = []
        var idle = 0
        var isClosed = false
        while idle < 40, !isClosed {
            if !rest.isEmpty {
                guard let sent = try socket.sendSome(rest) else { break }
                rest = rest.dropFirst(sent)
                if rest.isEmpty { socket.finishSending() }
            }
            switch try socket.receive(wait: false) {
            case .bytes(let bytes):
                received += bytes
                idle = 0
                try hold(received.count < 64 << 20, "an answer without end")
            case .nothingYet:
                idle += 1
                usleep(500)
            case .end: isClosed = true
            }
        }
        try judge(received, isClosed)
        if rounds.add(1, ordering: .relaxed).newValue % 64 == 0 || !isClosed {
            let ping = try? EngineClient(address: address).ping()
            try hold(ping?.status == 200, "after \(input.text) another client is not served")
        }
    }

    /// Each answer is whole, but the last when the connection was left open.
    private func judge(_ received: [UInt8], _ isClosed: Bool) throws {
        var rest = received
        while !rest.isEmpty {
            guard let (head, length) = try ResponseHead.parse(rest) else {
                return try hold(!isClosed, "a head without an end: \(rest.text)")
            }
            rest.removeFirst(length)
            if head.status == 101 || head.header("Content-Type")?.contains("raw-stream") == true { return }
            if head.status == 100 { continue }
            try hold((200...599).contains(head.status), "status \(head.status)")
            guard head.header("Content-Length") != nil || head.header("Transfer-Encoding") != nil else { continue }
            // What a HEAD is answered has a length and no body: the next answer or nothing comes.
            if rest.isEmpty || rest.starts(with: Array("HTTP/1.1 ".utf8)) { continue }
            var decoder = try BodyDecoder(head: head, method: .get)
            var count = 0
            while count < rest.count, !decoder.isDone {
                _ = try decoder.decode(rest[count...count])
                count += 1
            }
            try hold(decoder.isDone || decoder.mayEndHere || !isClosed, "a body without an end: \(rest.text)")
            rest.removeFirst(count)
        }
    }

    private static var ping: Route { Route(.GET, "/_ping") { _, _ in .text("OK") } }

    private static var echo: Route {
        Route(.POST, "/echo") { _, _ in
            .hijack(
                Hijack(framing: .multiplexed) { engine, connection in
                    connection.connect(Echo(connection, engine.loop))
                })
        }
    }

    private final class Echo: AttachInput {
        private let connection: HijackedConnection
        private let loop: any EventLoop

        init(_ connection: HijackedConnection, _ loop: any EventLoop) {
            self.connection = connection
            self.loop = loop
        }

        func write(_ bytes: ByteBuffer, taken: EventLoopPromise<Void>) {
            connection.write(.stdout, bytes, written: taken)
        }
        func closeInput() { connection.finish() }
        func detach() {}
    }
}

/// Runs tasks on an event loop.
private final class LoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
