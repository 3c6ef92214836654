import DockerAPI
import Engine
import Glibc
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import APIServer

/// What one client can take of the server, and that others are served meanwhile.
@Suite("The API's bounds")
struct BoundsTests {
    private static let ping = "GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n"

    private func bounds(_ change: (inout APIBounds) -> Void) -> APIBounds {
        var bounds = APIBounds(openFiles: 4096)
        change(&bounds)
        return bounds
    }

    /// Sends until the server has answered or closed; what it answered.
    private static func flood(_ client: RawClient, head: String, piece: [UInt8], total: Int) -> (String, sent: Int) {
        var sent = 0
        var answer: [UInt8] = []
        func look(_ wait: Int32) -> Bool {
            var poller = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, wait) > 0 else { return false }
            answer += client.receiveAll()
            return true
        }
        _ = fcntl(client.descriptor, F_SETFL, O_NONBLOCK)
        var bytes = Array(head.utf8)
        while sent < total {
            let count = bytes.withUnsafeBytes {
                Glibc.send(client.descriptor, $0.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
                bytes = count == bytes.count ? piece : Array(bytes.dropFirst(count))
            } else if errno == EAGAIN {
                var poller = pollfd(fd: client.descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
                guard poll(&poller, 1, 10_000) > 0 else { break }
            } else {
                break
            }
            if look(0) { break }
        }
        _ = answer.isEmpty && look(10_000)
        return (String(decoding: answer, as: UTF8.self), sent)
    }

    @Test(
        "A gigabyte of head or body is refused after little of it",
        arguments: [
            ("GET /_ping HTTP/1.1\r\nX-A: ", "a", "431", 1 << 20),
            ("GET /_ping HTTP/1.1\r\n", "X-A: 0123456789\r\n", "431", 1 << 20),
            ("GET /", "a", "431", 1 << 20),
            ("POST /containers/create HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n", " ", "413", 1 << 20),
            (
                "POST /containers/create HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "1000\r\n" + String(repeating: " ", count: 4096) + "\r\n", "413", 8 << 20
            ),
        ])
    func gigabytes(head: String, piece: String, status: String, most: Int) async throws {
        let server = try await ServerUnderTest()
        let block = Array(String(repeating: piece, count: max(1, 65536 / piece.utf8.count)).utf8)
        let (answer, sent) = try await server.talk { Self.flood($0, head: head, piece: block, total: 1 << 30) }
        #expect(answer.hasPrefix("HTTP/1.1 \(status) ") || answer.isEmpty, "\(answer.prefix(200))")
        #expect(sent <= most, "\(sent) bytes were taken")
        #expect(try await server.get("/_ping").hasSuffix("OK"))
        #expect(try await server.get("/sereno/api").contains(#""Oversized":1"#))
        try await server.stop()
    }

    @Test("A head that trickles, and a body that does not come, end with 408 in their time")
    func slowLoris() async throws {
        let server = try await ServerUnderTest(
            bounds: bounds {
                $0.headTime = .milliseconds(300)
                $0.bodyTime = .milliseconds(300)
            })
        for begin in [
            "GET /_ping HTTP/1.1\r\nX-A: b\r\n", "G", "POST /containers/create HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
        ] {
            let answer = try await server.exchange(begin)
            #expect(answer.contains("HTTP/1.1 408 "), "\(begin) -> \(answer)")
            #expect(answer.contains("the request took too long to come"))
        }
        // Trickling does not help.
        let trickled = try await server.talk { client in
            for byte in Array("GET /_ping HTTP/1.1\r\nX-Slow: ".utf8) + Array(repeating: 0x61, count: 100_000) {
                do { try client.send([byte]) } catch { break }
                usleep(20_000)
                var poller = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
                if poll(&poller, 1, 0) > 0 { break }
            }
            return String(decoding: client.receiveAll(), as: UTF8.self)
        }
        #expect(trickled.hasPrefix("HTTP/1.1 408 "))
        // A connection of which nothing came may be idle as long as it likes.
        let patient = try await server.talk { client in
            usleep(1_500_000)
            try client.send(Array(Self.ping.utf8))
            return String(decoding: client.receiveAll { $0.suffix(2) == Array("OK".utf8) }, as: UTF8.self)
        }
        #expect(patient.hasSuffix("OK"))
        #expect(try await server.get("/sereno/api").contains(#""Expired":4"#))
        try await server.stop()
    }

    @Test("Who pipelines and never reads is answered as far as its socket holds, and let go in time")
    func neverReads() async throws {
        let server = try await ServerUnderTest(bounds: bounds { $0.answerTime = .milliseconds(300) })
        let ended = try await server.talk { client in
            _ = fcntl(client.descriptor, F_SETFL, O_NONBLOCK)
            let many = Array(String(repeating: "GET /info HTTP/1.1\r\nHost: d\r\n\r\n", count: 500).utf8)
            var sent = 0
            // It is cut off long before that.
            while sent < 1 << 28 {
                let count = many.withUnsafeBytes {
                    Glibc.send(client.descriptor, $0.baseAddress, many.count, Int32(MSG_NOSIGNAL))
                }
                if count > 0 {
                    sent += count
                } else if errno == EAGAIN {
                    usleep(5000)
                } else {
                    return sent
                }
            }
            return sent
        }
        #expect(ended < 4 << 20, "\(ended) bytes of requests were taken")
        #expect(try await server.get("/sereno/api").contains(#""Expired":1"#))
        try await server.stop()
    }

    @Test("An answer that is larger than the socket's buffer arrives whole, although the connection closes behind it")
    func largeLastAnswer() async throws {
        let size = 8 << 20
        let routes = RouteTable([
            Route(.GET, "/large") { _, _ in .json(.string(String(repeating: "x", count: size))) }
        ])
        let server = try await ServerUnderTest(routes: routes)
        let count = try await server.talk { client in
            try client.send(Array("GET /large HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n".utf8))
            usleep(200_000)
            return client.receiveAll().count
        }
        #expect(count > size)
        try await server.stop()
    }

    @Test("One connection too many closes the one that was idle longest, and only an idle one")
    func eviction() async throws {
        let (opened, open) = Self.gate()
        let isBusy = Mutex(false)
        let routes = RouteTable([
            Route(.GET, "/_ping") { _, _ in .text("OK") },
            Route(.GET, "/wait") { _, _ in
                isBusy.withLock { $0 = true }
                try await opened()
                return .text("waited")
            },
        ])
        let server = try await ServerUnderTest(routes: routes, bounds: bounds { $0.connections = 4 })
        let path = server.path
        let told = try await server.talk { first in
            let second = try RawClient(path: path)
            let busy = try RawClient(path: path)
            try busy.send(Array("GET /wait HTTP/1.1\r\nConnection: close\r\n\r\n".utf8))
            // Until its request was read it is idle as well.
            while !isBusy.withLock({ $0 }) { usleep(1000) }
            for client in [first, second] {
                try client.send(Array(Self.ping.utf8))
                _ = client.receiveAll { $0.suffix(2) == Array("OK".utf8) }
            }
            // The fourth, and the fifth, for which the first goes.
            let late = try [RawClient(path: path), RawClient(path: path)]
            for client in late {
                try client.send(Array(Self.ping.utf8))
                _ = client.receiveAll { $0.suffix(2) == Array("OK".utf8) }
            }
            let gone = first.receiveAll().isEmpty
            try second.send(Array(Self.ping.utf8))
            let lives =
                second.receiveAll { $0.suffix(2) == Array("OK".utf8) }.suffix(2) == Array("OK".utf8)
            open()
            let waited = String(decoding: busy.receiveAll(), as: UTF8.self).hasSuffix("waited")
            return [gone, lives, waited]
        }
        #expect(told == [true, true, true])
        try await server.stop()
    }

    @Test("When every connection is in use, one more is told so")
    func full() async throws {
        let (opened, open) = Self.gate()
        let routes = RouteTable([
            Route(.GET, "/wait") { _, _ in
                try await opened()
                return .text("waited")
            }
        ])
        let server = try await ServerUnderTest(routes: routes, bounds: bounds { $0.connections = 2 })
        let path = server.path
        let told = try await server.talk { first in
            let second = try RawClient(path: path)
            for client in [first, second] { try client.send(Array("GET /wait HTTP/1.1\r\n\r\n".utf8)) }
            var refusal = ""
            // The server may not have read both requests yet.
            for _ in 0..<1000 where !refusal.hasPrefix("HTTP/1.1 503 ") {
                usleep(20_000)
                refusal = String(decoding: try RawClient(path: path).receiveAll(seconds: 1), as: UTF8.self)
            }
            open()
            return refusal
        }
        #expect(told.contains("too many connections: every one is in use"), "\(told)")
        try await server.stop()
    }

    /// Something to wait for in a route, and what ends the waiting.
    private static func gate() -> (@Sendable () async throws -> Void, @Sendable () -> Void) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        return ({ for await _ in stream {} }, { continuation.finish() })
    }
}
