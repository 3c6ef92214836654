import DockerAPI
import NIOCore
import NIOHTTP1
import Testing

@testable import APIServer

/// Whatever the answer was, the connection serves the next request.
@Suite struct KeepAliveTests {
    /// A kind of answer, the request that gets it, and where its answer ends.
    private struct Kind {
        let request: String
        let body: String
        let status: Int
        let end: String

        init(_ request: String, body: String = "", _ status: Int, end: String) {
            (self.request, self.body, self.status, self.end) = (request, body, status, end)
        }
    }

    private static let kinds: [String: Kind] = [
        "text": Kind("GET /_ping", 200, end: "OK"),
        "head": Kind("HEAD /_ping", 200, end: "\r\n\r\n"),
        "json": Kind("GET /json", 200, end: "{\"a\":1}\n"),
        "not found": Kind("GET /nosuch", 404, end: "}\n"),
        "not found, with a body": Kind("POST /nosuch", body: "{\"a\":1}", 404, end: "}\n"),
        "bad request": Kind("POST /bad", body: "{}", 400, end: "}\n"),
        "unknown version": Kind("GET /v1.99/info", 400, end: "}\n"),
        "not built": Kind("POST /build", body: "a context", 501, end: "}\n"),
        "stream": Kind("GET /stream", 200, end: "0\r\n\r\n"),
        "no content": Kind("DELETE /thing", 204, end: "\r\n\r\n"),
        "not modified": Kind("POST /thing", 304, end: "\r\n\r\n"),
        "hijack refused": Kind("POST /hijack", body: "{}", 409, end: "}\n"),
        "hijack of nothing": Kind("POST /hijack", 409, end: "}\n"),
        "tunnel": Kind("CONNECT d:80", 404, end: "}\n"),
    ]

    private static let routes = RouteTable(
        systemRoutes + unbuiltRoutes + [
            Route(.GET, "/json") { _, _ in .json(["a": 1]) },
            Route(.POST, "/bad") { _, _ in throw RequestError.invalid("bad") },
            Route(.GET, "/stream") { _, _ in
                .stream(StreamedBody { _, stream in try await stream.write(Array("part".utf8)) })
            },
            Route(.DELETE, "/thing") { _, _ in .empty(.noContent) },
            Route(.POST, "/thing") { _, _ in .empty(.notModified) },
            Route(.POST, "/hijack") { _, _ in
                .hijack(Hijack(framing: .multiplexed) { _, _ in throw RequestError.conflict("not now") })
            },
        ])

    private static let upgrades = [
        "", "Connection: Upgrade\r\nUpgrade: tcp\r\n",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
        "Connection: keep-alive\r\nConnection: upgrade\r\nUpgrade: websocket\r\n", "Upgrade: h2c\r\n",
        "Connection: Upgrade\r\nUpgrade:\r\n",
    ]

    @Test(arguments: upgrades)
    func everyAnswerToARequestForAnUpgradeLeavesItsConnectionUsable(upgrade: String) async throws {
        let server = try await ServerUnderTest(routes: Self.routes)
        for (what, kind) in Self.kinds { try await expectThreeAnswers(what, kind, upgrade, from: server) }
        try await server.stop()
    }

    private func expectThreeAnswers(
        _ what: String, _ kind: Kind, _ upgrade: String, from server: ServerUnderTest
    ) async throws {
        let length =
            kind.body.isEmpty ? "" : "Content-Length: \(kind.body.utf8.count)\r\nContent-Type: application/json\r\n"
        let request = "\(kind.request) HTTP/1.1\r\nHost: d\r\n\(upgrade)\(length)\r\n\(kind.body)"
        // Three on one connection: each of them is first, in the middle and last.
        let answers = try await server.talk { client in
            try (0..<3).map { _ in
                try client.send(Array(request.utf8))
                return String(
                    decoding: client.receiveAll(seconds: 20) {
                        $0.suffix(kind.end.utf8.count) == Array(kind.end.utf8)[...]
                    },
                    as: UTF8.self)
            }
        }
        for answer in answers {
            #expect(answer.hasPrefix("HTTP/1.1 \(kind.status) ") && answer.hasSuffix(kind.end), "\(what)")
            #expect(!answer.contains("Connection: close"), "\(what)")
        }
    }

    @Test(arguments: upgrades)
    func whatIsPipelinedBehindARequestForAnUpgradeIsServed(upgrade: String) async throws {
        let server = try await ServerUnderTest(routes: Self.routes)
        let one = "GET /json HTTP/1.1\r\nHost: d\r\n\(upgrade)\r\n"
        let last = "GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"
        let head = "HEAD /_ping HTTP/1.1\r\nHost: d\r\n\(upgrade)\r\n"
        let answer = try await server.exchange(one + one + head + one + last, seconds: 20)
        #expect(answer.hasSuffix("OK"))
        #expect(answer.matches(of: /HTTP\/1.1 200 OK/).count == 5)
        #expect(answer.matches(of: /{"a":1}/).count == 3)
        try await server.stop()
    }

    @Test(arguments: ["/build", "/nosuch", "/bad"])
    func aBodyOnItsWayIsReadSoThatTheSentenceArrives(path: String) async throws {
        let server = try await ServerUnderTest(routes: Self.routes)
        let answer = try await server.talk { client in
            let part = [UInt8](repeating: 0x78, count: 1 << 20)
            try client.send(Array("POST \(path) HTTP/1.1\r\nHost: d\r\nContent-Length: \(60 << 20)\r\n\r\n".utf8))
            for _ in 0..<60 { try client.send(part) }
            return String(decoding: client.receiveAll(seconds: 20) { $0.suffix(2) == [0x7D, 0x0A] }, as: UTF8.self)
        }
        let status = ["/build": 501, "/nosuch": 404, "/bad": 413][path] ?? 0
        #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.hasSuffix("\"}\n"))
        try await server.stop()
    }

    @Test func aConnectionLivesOnBehindABodyThatNobodyWanted() async throws {
        let server = try await ServerUnderTest(routes: Self.routes)
        let answers = try await server.talk { client in
            try (0..<100).map { _ in
                let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
                let body = String(repeating: chunk, count: 16) + "0\r\n\r\n"
                try client.send(
                    Array(("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n" + body).utf8))
                return String(decoding: client.receiveAll(seconds: 20) { $0.suffix(2) == [0x7D, 0x0A] }, as: UTF8.self)
            }
        }
        // More than may be held for all connections: nothing of a body is kept once its answer was sent.
        #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 501 ") })
        try await server.stop()
    }

    @Test func aBodyWithoutEndIsReadUpToABound() async throws {
        let server = try await ServerUnderTest(routes: Self.routes)
        let sent = try await server.talk { client in
            let part = Array(("100000\r\n" + String(repeating: "x", count: 0x100000) + "\r\n").utf8)
            try client.send(Array("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            for count in 0..<1024 {
                do { try client.send(part) } catch { return count }
            }
            return 1024
        }
        #expect((200..<300).contains(sent))
        try await server.stop()
    }
}
