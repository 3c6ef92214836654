import DockerAPI
import Engine
import Glibc
import NIOCore
import NIOHTTP1
import Runs
import Testing

@testable import APIServer

/// Streams in both directions, against routes that stand in for the engine.
@Suite struct StreamTests {
    @Test func hijackedStreamsCarryGluedBytesAndHalfClose() async throws {
        let server = try await ServerUnderTest(routes: RouteTable([Self.echo(terminal: true)]))
        let answer = try await server.exchange(
            "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}early bytes", halfClose: true)
        #expect(answer.hasPrefix("HTTP/1.1 101 UPGRADED\r\n"))
        #expect(answer.contains("Upgrade: tcp\r\n") && answer.contains("vnd.docker.raw-stream\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nearly bytes[end]"))
        try await server.stop()
    }

    @Test func hijackWithoutUpgradeHeaderAnswers200() async throws {
        let server = try await ServerUnderTest(routes: RouteTable([Self.echo(terminal: true)]))
        let (head, rest) = try await server.talk { client in
            try client.send(Array("POST /echo HTTP/1.1\r\nHost: d\r\n\r\n".utf8))
            let head = client.receiveHead()
            try client.send(Array("hello".utf8))
            client.closeOutput()
            return (head, String(decoding: client.receiveAll(), as: UTF8.self))
        }
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(rest == "hello[end]")
        try await server.stop()
    }

    @Test(arguments: [("/v1.47/echo", "multiplexed-stream"), ("/v1.41/echo", "raw-stream")])
    func framesTellTheStreamsApart(target: String, kind: String) async throws {
        let server = try await ServerUnderTest(routes: RouteTable([Self.echo(terminal: false)]))
        let answer = try await server.exchange(
            "POST \(target) HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nab", halfClose: true)
        #expect(answer.contains("application/vnd.docker.\(kind)\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n\u{1}\0\0\0\0\0\0\u{2}ab\u{2}\0\0\0\0\0\0\u{5}[end]"))
        try await server.stop()
    }

    @Test func outputWaitsUntilTheClientHasTakenTheHead() async throws {
        let server = try await ServerUnderTest(routes: RouteTable([Self.greeting]))
        let (first, rest) = try await server.talk { client in
            try client.send(Array("POST /greet HTTP/1.1\r\nHost: d\r\n\r\n".utf8))
            // Later than the output, and long before it would come unasked.
            usleep(100_000)
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(client.descriptor, &buffer, buffer.count, 0)
            return (String(decoding: buffer[..<max(0, count)], as: UTF8.self), client.receiveAll())
        }
        #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n") && first.hasSuffix("\r\n\r\n"))
        #expect(rest == Array("hello".utf8))
        try await server.stop()
    }

    @Test func aClientThatDoesNotTakeTheHeadGetsTheOutputAllTheSame() async throws {
        let server = try await ServerUnderTest(routes: RouteTable([Self.greeting]))
        let answer = try await server.talk { client in
            try client.send(Array("POST /greet HTTP/1.1\r\nHost: d\r\n\r\n".utf8))
            var waiting: Int32 = 0
            var seen: [Int32] = []
            // bounded: ten seconds.
            for _ in 0..<1000 where seen.count < 2 {
                usleep(10_000)
                _ = ioctl(client.descriptor, UInt(FIONREAD), &waiting)
                if waiting > 0, seen.last != waiting { seen.append(waiting) }
            }
            return (seen, String(decoding: client.receiveAll(), as: UTF8.self))
        }
        #expect(answer.0.count == 2 && answer.0.last == answer.0[0] + 5)
        #expect(answer.1.hasSuffix("\r\n\r\nhello"))
        try await server.stop()
    }

    @Test func aRefusedHijackIsAnOrdinaryAnswer() async throws {
        let refusing = Route(.POST, "/echo") { _, _ in
            .hijack(Hijack(framing: .multiplexed) { _, _ in throw RequestError.conflict("not now") })
        }
        let server = try await ServerUnderTest(routes: RouteTable([refusing]))
        let answer = try await server.get("/echo", method: "POST", headers: "Upgrade: tcp\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 409 ") && answer.contains("{\"message\":\"not now\"}"))
        try await server.stop()
    }

    @Test func headsOfStreamsGoOutBeforeTheirBodies() async throws {
        let never = Route(.GET, "/never") { engine, _ in
            let promise = engine.loop.makePromise(of: Void.self)
            promise.futureResult.whenComplete { _ in }
            engine.loop.scheduleTask(in: .seconds(20)) { promise.succeed() }
            return .stream(StreamedBody { _, stream in try await stream.unlessClosed(promise.futureResult) })
        }
        let server = try await ServerUnderTest(routes: RouteTable([never]))
        let head = try await server.talk { client in
            try client.send(Array("GET /never HTTP/1.1\r\nHost: d\r\n\r\n".utf8))
            return client.receiveHead()
        }
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.lowercased().contains("transfer-encoding: chunked"))
        try await server.stop()
    }

    @Test func aBodyIsFedThroughAPipeWithoutBeingHeld() async throws {
        let count = Route(.PUT, "/count", body: .streamed) { engine, request in
            let total = try await request.withBodyPipe(on: engine) { engine, reader, _ in
                try await blocking(on: engine) { countBytes(reader.rawValue) }
            }
            return .text("\(total)")
        }
        let server = try await ServerUnderTest(routes: RouteTable([count]))
        let answer = try await server.talk { client in
            let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
            let head = "PUT /count HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: \(32 << 20)\r\n\r\n"
            try client.send(Array(head.utf8))
            for _ in 0..<32 { try client.send(chunk) }
            return String(decoding: client.receiveAll(), as: UTF8.self)
        }
        #expect(answer.hasSuffix("\(32 << 20)"))
        try await server.stop()
    }

    @Test func anUnwantedBodyIsDrainedSoThatTheErrorArrives() async throws {
        let refusing = Route(.PUT, "/refuse", body: .streamed) { engine, request in
            try await request.withBodyPipe(on: engine) { _, _, _ in throw RequestError.invalid("bad tar") }
        }
        let server = try await ServerUnderTest(routes: RouteTable([refusing]))
        let answer = try await server.talk { client in
            try client.send(Array("PUT /refuse HTTP/1.1\r\nHost: d\r\nContent-Length: \(4 << 20)\r\n\r\n".utf8))
            for _ in 0..<4 { try client.send([UInt8](repeating: 0x78, count: 1 << 20)) }
            return String(decoding: client.receiveAll { $0.contains(0x7D) }, as: UTF8.self)
        }
        #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("bad tar"))
        try await server.stop()
    }

    @Test func anErrorBeforeTheFirstByteIsAnOrdinaryAnswer() async throws {
        let failing = Route(.GET, "/tar") { engine, _ in
            .stream(try await engine.streamed("application/x-tar") { _, _ in throw RequestError.notFound("gone") })
        }
        let server = try await ServerUnderTest(routes: RouteTable([failing]))
        #expect(try await server.get("/tar").hasPrefix("HTTP/1.1 404 "))
        try await server.stop()
    }

    @Test func anErrorAfterTheFirstByteCutsTheAnswer() async throws {
        let failing = Route(.GET, "/tar") { engine, _ in
            .stream(
                try await engine.streamed("application/x-tar") { _, writer in
                    _ = write(writer.rawValue, "half", 4)
                    throw RequestError.failed("disk")
                })
        }
        let server = try await ServerUnderTest(routes: RouteTable([failing]))
        let answer = try await server.get("/tar")
        #expect(answer.contains("half") && !answer.hasSuffix("0\r\n\r\n"))
        try await server.stop()
    }

    /// Has output at once, and ends.
    private static let greeting = Route(.POST, "/greet") { _, _ in
        .hijack(
            Hijack(
                framing: .raw,
                begin: { engine, connection in
                    connection.connect(nil)
                    connection.write(.stdout, ByteBuffer(string: "hello"), written: engine.loop.makePromise())
                    connection.finish()
                }))
    }

    /// Echoes what the client sends to stdout, and `[end]` to stderr when it has closed its side.
    private static func echo(terminal: Bool) -> Route {
        Route(.POST, "/echo") { _, _ in
            .hijack(
                Hijack(framing: StreamFraming(terminal: terminal)) { engine, connection in
                    connection.connect(EchoInput(connection, engine.loop))
                })
        }
    }
}

final class EchoInput: AttachInput {
    private let connection: HijackedConnection
    private let loop: any EventLoop

    init(_ connection: HijackedConnection, _ loop: any EventLoop) {
        self.connection = connection
        self.loop = loop
    }

    func write(_ bytes: ByteBuffer, taken: EventLoopPromise<Void>) {
        connection.write(.stdout, bytes, written: taken)
    }

    func closeInput() {
        connection.write(.stderr, ByteBuffer(string: "[end]"), written: loop.makePromise())
        connection.finish()
    }

    func detach() {}
}

private func blocking<Result: Sendable>(
    on engine: isolated Engine, _ work: @escaping @Sendable () -> Result
) async throws -> Result {
    try await NIOSingletons.posixBlockingThreadPool.runIfActive(work)
}

private func countBytes(_ descriptor: Int32) -> Int {
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return total }
        total += count
    }
}
