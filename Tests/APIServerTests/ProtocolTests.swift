import DockerAPI
import Engine
import NIOCore
import NIOHTTP1
import Testing

@testable import APIServer

@Suite struct ProtocolTests {
    @Test func pingTellsWhatAClientNeedsToNegotiate() async throws {
        let server = try await ServerUnderTest()
        let answer = try await server.get("/_ping")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("Api-Version: 1.47\r\n"))
        #expect(answer.contains("Ostype: linux\r\n"))
        #expect(answer.contains("Docker-Experimental: false\r\n"))
        #expect(answer.contains("Builder-Version: 1\r\n"))
        #expect(answer.contains("Swarm: inactive\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nOK"))
        let head = try await server.get("/_ping", method: "HEAD")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n"))
        try await server.stop()
    }

    @Test(arguments: [
        ("/v1.99/info", 400, "client version 1.99 is too new. Maximum supported API version is 1.47"),
        (
            "/v1.1/info", 400,
            "client version 1.1 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"
        ),
        ("/vx/info", 404, "page not found"),
        ("/v1/info", 404, "page not found"),
        ("/nosuch", 404, "page not found"),
        ("/", 404, "page not found"),
        ("/v1.47/networks/nosuch", 404, "network nosuch not found"),
        ("/v1.47/images/search?term=x", 501, "registries are not built yet: there is nothing to search"),
        ("/networks?filters=%7B%22x%22%3A%5B%22a%22%5D%7D", 400, "invalid filter 'x'"),
        ("/networks?filters=%7B%22type%22%3A%5B%22a%22%5D%7D", 400, "invalid filter: 'type'='a'"),
        (
            "/networks?filters=%7B%22dangling%22%3A%5B%221%22%2C%220%22%5D%7D", 400,
            "got more than one value for filter key \\\"dangling\\\""
        ),
        (
            "/networks?filters=%7B%22dangling%22%3A%5B%22x%22%5D%7D", 400,
            "invalid value for filter 'dangling', must be \\\"true\\\" (or \\\"1\\\"), or \\\"false\\\" (or \\\"0\\\")"
        ),
        ("/volumes?filters=%7B%22x%22%3A%5B%22a%22%5D%7D", 400, "invalid filter 'x'"),
        ("/volumes?filters=%7B%22dangling%22%3A%5B%22x%22%5D%7D", 400, "invalid filter 'dangling=[x]'"),
        ("/plugins?filters=%7B%22x%22%3A%5B%22a%22%5D%7D", 400, "invalid filter 'x'"),
        ("/plugins/a/b/json", 404, "plugin \\\"a/b\\\" not found"),
    ])
    func refusesWithDockersSentence(target: String, status: Int, message: String) async throws {
        let server = try await ServerUnderTest()
        let answer = try await server.get(target)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("{\"message\":\"\(message)\"}"))
        try await server.stop()
    }

    private static let filtersTable: [(String, [String])] = [
        (#"{"name":["non"]}"#, ["none"]), (#"{"name":["^o"]}"#, []), (#"{"name":{"host":true}}"#, ["host"]),
        (#"{"driver":["null"]}"#, ["none"]), (#"{"id":["b1f0"]}"#, ["host"]), (#"{"scope":["swarm"]}"#, []),
        (#"{"type":["custom"]}"#, []), (#"{"type":["builtin","custom"]}"#, ["host", "none"]),
        (#"{"dangling":["true"]}"#, []), (#"{"dangling":["0"]}"#, ["host", "none"]), (#"{"label":["a"]}"#, []),
        (#"{"scope":["local"],"name":["none"]}"#, ["none"]), ("{}", ["host", "none"]),
    ]

    @Test(arguments: filtersTable)
    func theListOfNetworksHonoursItsFilters(filters: String, names: [String]) async throws {
        let server = try await ServerUnderTest()
        let typed = filters.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let answer = try await server.get("/networks?filters=\(typed)")
        let listed = answer.matches(of: /"Name":"([a-z]+)"/).map { String($0.output.1) }
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && listed == names)
        try await server.stop()
    }

    @Test func aVolumeThatIsNotThereIsRemovedByForce() async throws {
        let server = try await ServerUnderTest()
        #expect(try await server.get("/volumes/nosuch?force=1", method: "DELETE").hasPrefix("HTTP/1.1 204 "))
        let refused = try await server.get("/volumes/nosuch", method: "DELETE")
        #expect(refused.hasPrefix("HTTP/1.1 404 ") && refused.contains("get nosuch: no such volume"))
        for noun in ["networks", "volumes"] {
            let pruned = try await server.get("/\(noun)/prune?filters=%7B%22x%22%3A%5B%22a%22%5D%7D", method: "POST")
            #expect(pruned.hasPrefix("HTTP/1.1 400 ") && pruned.contains("invalid filter 'x'"))
        }
        try await server.stop()
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        let server = try await ServerUnderTest()
        let one = "GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n"
        let two = "GET /networks/none HTTP/1.1\r\nHost: d\r\n\r\n"
        let answer = try await server.exchange(
            one + two + one + "GET /nosuch HTTP/1.1\r\nConnection: close\r\nHost: d\r\n\r\n")
        let order = ["OK", "\"Name\":\"none\"", "OK", "page not found"]
        var rest = Substring(answer)
        for word in order {
            let found = rest.firstRange(of: "\r\n\r\n").map { rest[$0.upperBound...] }
            rest = try #require(found)
            #expect(rest.contains(word))
        }
        try await server.stop()
    }

    @Test func refusesBodiesOverTheBound() async throws {
        let server = try await ServerUnderTest(routes: RouteTable([echoLength]))
        let declared = try await server.talk { client in
            try client.send(Array("POST /length HTTP/1.1\r\nHost: d\r\nContent-Length: 99999999\r\n\r\n".utf8))
            return String(decoding: client.receiveAll { $0.contains(0x7D) }, as: UTF8.self)
        }
        #expect(declared.hasPrefix("HTTP/1.1 413 "))
        let chunk = "100000\r\n" + String(repeating: "x", count: 0x100000) + "\r\n"
        let endless = try await server.talk { client in
            try client.send(Array("POST /length HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            for _ in 0..<8 { try? client.send(Array(chunk.utf8)) }
            return String(decoding: client.receiveAll { $0.contains(0x7D) }, as: UTF8.self)
        }
        #expect(endless.hasPrefix("HTTP/1.1 413 "))
        let fits = try await server.get("/length", method: "POST", body: String(repeating: "x", count: 4 << 20))
        #expect(fits.hasSuffix("4194304"))
        try await server.stop()
    }

    private static let hostile: KeyValuePairs<String, String> = [
        "chunk cut": "POST /length HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "body cut": "POST /length HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\nab",
        "head cut": "GET /length HT",
        "not HTTP": "\u{0}\u{1}\u{2}\r\n\r\n",
        "bad chunk size": "POST /length HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "negative length": "POST /length HTTP/1.1\r\nHost: d\r\nContent-Length: -5\r\n\r\n",
        "long target": "GET /" + String(repeating: "a", count: 300_000) + " HTTP/1.1\r\n\r\n",
        "long header": "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 300_000) + "\r\n\r\n",
        "many headers": "GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 5000) + "\r\n",
    ]

    @Test(arguments: hostile.map(\.key))
    func hostileRequestsEndTheirConnectionOnly(what: String) async throws {
        let server = try await ServerUnderTest(routes: RouteTable([echoLength]))
        let request = try #require(Self.hostile.first { $0.key == what }?.value)
        let answer = try? await server.exchange(request, halfClose: true, seconds: 5)
        #expect(answer.map { !$0.hasPrefix("HTTP/1.1 200") } ?? true)
        #expect(try await server.get("/length", method: "POST", body: "abc").hasSuffix("3"))
        try await server.stop()
    }

    private let echoLength = Route(.POST, "/length") { _, request in .text("\(request.body.readableBytes)") }
}
