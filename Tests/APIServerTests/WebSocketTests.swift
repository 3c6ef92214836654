import DockerAPI
import NIOCore
import NIOHTTP1
import Testing

@testable import APIServer

/// WebSocket as RFC 6455 has it.
@Suite struct WebSocketTests {
    /// A frame of a client, masked by a key.
    private func frame(_ first: UInt8, _ payload: [UInt8], key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]) -> [UInt8] {
        var frame = [first]
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65536: frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: frame += [0xFF, 0, 0, 0, 0, 0] + (0..<3).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
        }
        return frame + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    private static let handshake: HTTPHeaders = [
        "Connection": "keep-alive, Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    @Test func theHandshakeIsThatOfTheStandard() throws {
        #expect(try WebSocketHandshake(Self.handshake).accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(
        "SHA-1 gives the digests of the standard",
        arguments: [
            (0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"), (1, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
            (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"), (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
            (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        ])
    func digest(count: Int, hexadecimal: String) {
        let digits = SHA1.hash([UInt8](repeating: 0x61, count: count)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        #expect(digits.joined() == hexadecimal)
    }

    @Test(arguments: ["Connection", "Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key"])
    func aHandshakeThatLacksSomethingIsRefusedWithA400(name: String) throws {
        var headers = Self.handshake
        headers.remove(name: name)
        #expect { try WebSocketHandshake(headers) } throws: { ($0 as? RequestError)?.status == 400 }
    }

    @Test(arguments: [1, 2, 3, 7, 100_000])
    func framesAreReadHoweverTheyAreCut(size: Int) {
        let long = [UInt8]((0..<70_000).map { UInt8($0 % 251) })
        let stream =
            frame(0x02, Array("he".utf8)) + frame(0x89, Array("ping".utf8)) + frame(0x80, Array("llo".utf8))
            + frame(0x82, []) + frame(0x82, [UInt8](long[..<300])) + frame(0x81, long) + frame(0x8A, [])
            + frame(0x88, [])
            + frame(0x82, Array("late".utf8))
        var reader = WebSocketReader()
        var (data, pings, end): ([UInt8], [ByteBuffer], WebSocketClosing?) = ([], [], nil)
        for at in stride(from: 0, to: stream.count, by: size) where end == nil {
            let input = reader.read(ByteBuffer(bytes: stream[at..<min(at + size, stream.count)]))
            data += Array(input.data.readableBytesView)
            pings += input.pings
            end = input.end
        }
        let isWhole = data == Array("hello".utf8) + long[..<300] + long
        #expect(isWhole)
        #expect(pings == [ByteBuffer(string: "ping")] && end == .normal)
    }

    @Test(
        "What breaks the protocol ends the stream",
        arguments: [
            [0x82, 0x01, 0x61], [0xC2, 0x80, 0, 0, 0, 0], [0x83, 0x80, 0, 0, 0, 0], [0x09, 0x80, 0, 0, 0, 0],
            [0x89, 0xFE, 0, 0, 0, 0, 0, 0], [0x82, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ])
    func wrongFrames(bytes: [UInt8]) {
        var reader = WebSocketReader()
        #expect(reader.read(ByteBuffer(bytes: bytes)).end == .wrong)
    }

    @Test(arguments: [(5, [0x82, 5]), (300, [0x82, 126, 1, 44]), (65536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0])])
    func framesOfTheServerHaveTheShortestLength(count: Int, head: [UInt8]) {
        let frame = WebSocketFrame.data(ByteBuffer(repeating: 0x61, count: count), binary: true)
        #expect(Array(frame.readableBytesView.prefix(head.count)) == head && frame.readableBytes == head.count + count)
    }

    @Test func aStreamIsEchoedInFramesAndEndsInOrder() async throws {
        let echo = Route(.GET, "/echo") { engine, request in
            let framing = StreamFraming.webSocket(try WebSocketHandshake(request.headers), binary: true)
            return .hijack(
                Hijack(framing: framing) { engine, connection in connection.connect(EchoInput(connection, engine.loop))
                })
        }
        let server = try await ServerUnderTest(routes: RouteTable([echo]))
        let lines = Self.handshake.map { "\($0.name): \($0.value)\r\n" }.joined()
        let sent = frame(0x82, Array("hi".utf8)) + frame(0x89, [1])
        let closing = frame(0x88, [0x03, 0xE8])
        let answer = try await server.talk { client in
            try client.send(Array("GET /echo HTTP/1.1\r\nHost: d\r\n\(lines)\r\n".utf8))
            let head = client.receiveHead()
            try client.send(sent)
            let frames = client.receiveAll { $0.count >= 7 }
            try client.send(closing)
            return (head, frames, client.receiveAll())
        }
        #expect(answer.0.hasPrefix("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"))
        #expect([[0x82, 2, 0x68, 0x69, 0x8A, 1, 1], [0x8A, 1, 1, 0x82, 2, 0x68, 0x69]].contains(answer.1))
        #expect(answer.2 == [0x88, 2, 0x03, 0xE8])
        try await server.stop()
    }
}
