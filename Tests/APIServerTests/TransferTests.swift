import Engine
import Glibc
import Linux
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import APIServer

/// Work on a thread of its own that goes at the pace of a client.
@Suite("Transfers", .serialized)
struct TransferTests {
    /// The thread that writes ends when nobody reads any more.
    private static func write(_ count: Int, to output: SharedDescriptor) {
        let piece = [UInt8](repeating: 0x78, count: 4096)
        var left = count
        while left > 0 {
            let sent = send(output.rawValue, piece, min(left, piece.count), Int32(MSG_NOSIGNAL))
            if sent <= 0 { return }
            left -= sent
        }
    }

    /// Readings of bodies that have a thread.
    private static let begun = Mutex(0)

    private static func read(_ input: SharedDescriptor) {
        begun.withLock { $0 += 1 }
        var piece = [UInt8](repeating: 0, count: 4096)
        while recv(input.rawValue, &piece, piece.count, 0) > 0 {}
    }

    private static let size = 4 << 20

    private static let routes = RouteTable([
        Route(.GET, "/down") { engine, request in
            .stream(
                try await engine.streamed("application/x-tar") { engine, output in
                    try await request.images.transfer { _ in write(size, to: output) }
                })
        },
        Route(.POST, "/up", body: .streamed) { engine, request in
            try await request.withBodyPipe(on: engine) { engine, input, _ in
                try await request.images.transfer { _ in read(input) }
            }
            return .text("taken")
        },
    ])

    private func server(stillTime: TimeAmount) async throws -> ServerUnderTest {
        var bounds = APIBounds(openFiles: 4096)
        bounds.stillTime = stillTime
        return try await ServerUnderTest(routes: Self.routes, bounds: bounds)
    }

    private static let down = "GET /down HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"
    private static let up = "POST /up HTTP/1.1\r\nHost: d\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// Begins transfers that stand still, first those of bodies, until one is refused, and returns them with the refusal.
    private static func fill(_ path: String, reading: Int = 8) throws -> ([RawClient], refusal: String) {
        var stalled: [RawClient] = []
        let before = begun.withLock { $0 }
        for _ in 0..<reading {
            let client = try RawClient(path: path)
            try client.send(Array((up + "3\r\nabc\r\n").utf8))
            stalled.append(client)
        }
        while begun.withLock({ $0 }) < before + reading { usleep(1000) }
        while stalled.count < 100 {
            let client = try RawClient(path: path)
            try client.send(Array(down.utf8))
            var status = [UInt8](repeating: 0, count: 12)
            _ = recv(client.descriptor, &status, status.count, Int32(MSG_WAITALL))
            guard status == Array("HTTP/1.1 200".utf8) else {
                return (stalled, String(decoding: status + client.receiveAll(), as: UTF8.self))
            }
            stalled.append(client)
        }
        return (stalled, "")
    }

    @Test("One too many is refused at once, by a sentence, however much it has to send")
    func bound() async throws {
        let server = try await server(stillTime: .seconds(600))
        let path = server.path
        let (count, refusal, upload) = try await server.talk { client in
            let (stalled, refusal) = try Self.fill(path)
            // An endless body: the answer does not wait for its end.
            try client.send(Array(Self.up.utf8))
            let chunk = Array("1000\r\n".utf8) + [UInt8](repeating: 0x79, count: 4096) + Array("\r\n".utf8)
            var answer: [UInt8] = []
            for _ in 0..<100_000 where answer.isEmpty {
                try client.send(chunk)
                answer = client.receiveAll(seconds: 0) { $0.suffix(2) == Array("}\n".utf8) }
            }
            return (stalled.count, refusal, String(decoding: answer, as: UTF8.self))
        }
        #expect(count == 24)
        for answer in [refusal, upload] {
            #expect(answer.contains("the supervisor serves 24 transfers already"), "\(answer)")
        }
        #expect(try await server.get("/down").utf8.count > Self.size)
        try await server.stop()
    }

    @Test("Who stands still is let go, so that others have the thread")
    func stalled() async throws {
        let server = try await server(stillTime: .milliseconds(500))
        let path = server.path
        let ended = try await server.talk { _ in
            let (stalled, _) = try Self.fill(path)
            // They are closed with less than all; nothing is read before.
            usleep(3_000_000)
            return stalled.map { $0.receiveAll().count }
        }
        #expect(ended.allSatisfy { $0 < Self.size }, "\(ended)")
        #expect(try await server.get("/down").utf8.count > Self.size)
        try await server.stop()
    }

    @Test("Who goes on, however slowly, is never cut")
    func slow() async throws {
        let server = try await server(stillTime: .seconds(5))
        let path = server.path
        let (received, answer) = try await server.talk { reader in
            let writer = try RawClient(path: path)
            try reader.send(Array(Self.down.utf8))
            try writer.send(Array(Self.up.utf8))
            var received = 0
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            // Several times as long as a standstill may be.
            for _ in 0..<16 {
                usleep(700_000)
                received += max(0, recv(reader.descriptor, &buffer, buffer.count, 0))
                try writer.send(Array("1\r\na\r\n".utf8))
            }
            try writer.send(Array("0\r\n\r\n".utf8))
            return (received + reader.receiveAll().count, String(decoding: writer.receiveAll(), as: UTF8.self))
        }
        #expect(received > Self.size)
        #expect(answer.hasSuffix("taken"), "\(answer)")
        try await server.stop()
    }
}
