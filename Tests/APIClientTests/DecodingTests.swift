import JSONFormat
import Testing

@testable import APIClient

@Suite("What comes from the wire is decoded however it is cut")
struct DecodingTests {
    @Test("a chunked body is the same whole and byte by byte", arguments: [1, 2, 3, 7, 1000])
    func chunkedBody(step: Int) throws {
        let head = ResponseHead(status: 200, headers: [.init(name: "Transfer-Encoding", value: "chunked")])
        var decoder = try BodyDecoder(head: head, method: .get)
        let wire = Array("5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: a\r\n\r\n".utf8)
        var body: [UInt8] = []
        for start in stride(from: 0, to: wire.count, by: step) {
            #expect(!decoder.isDone)
            body += try decoder.decode(wire[start..<min(start + step, wire.count)])
        }
        #expect(String(decoding: body, as: UTF8.self) == "hello0123456789")
        #expect(decoder.isDone)
    }

    @Test("a body cut short is not taken for a whole one")
    func cutShort() throws {
        let chunked = ResponseHead(status: 200, headers: [.init(name: "Transfer-Encoding", value: "chunked")])
        var decoder = try BodyDecoder(head: chunked, method: .get)
        _ = try decoder.decode(Array("5\r\nhel".utf8)[...])
        #expect(!decoder.mayEndHere)
        let counted = ResponseHead(status: 200, headers: [.init(name: "Content-Length", value: "3")])
        #expect(try !BodyDecoder(head: counted, method: .get).mayEndHere)
        #expect(try BodyDecoder(head: ResponseHead(status: 200, headers: []), method: .get).mayEndHere)
    }

    @Test("bodies that are not there are whole at once", arguments: [204, 304, 101])
    func noBody(status: Int) throws {
        #expect(try BodyDecoder(head: ResponseHead(status: status, headers: []), method: .get).isDone)
    }

    @Test("frames are the same whole and cut anywhere", arguments: 1...20)
    func frames(step: Int) throws {
        let wire: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 2] + Array("ab".utf8) + [2, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 3]
            + Array("err".utf8) + [1, 0, 0, 0, 0, 0, 0, 1] + Array("c".utf8)
        var decoder = FrameDecoder()
        var output: [UInt8] = []
        var error: [UInt8] = []
        for start in stride(from: 0, to: wire.count, by: step) {
            for piece in try decoder.decode(Array(wire[start..<min(start + step, wire.count)])) {
                if piece.origin == .process(.stderr) { error += piece.bytes } else { output += piece.bytes }
            }
        }
        #expect(String(decoding: output, as: UTF8.self) == "abc")
        #expect(String(decoding: error, as: UTF8.self) == "err")
        #expect(decoder.isBetweenFrames)
    }

    @Test("frames of one stream that follow each other are one piece, and messages of the engine are not")
    func joinedFrames() throws {
        let frame = { (stream: UInt8, text: String) in
            [stream, 0, 0, 0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
        }
        var decoder = FrameDecoder()
        let wire =
            frame(1, "a\n") + frame(1, "b\n") + frame(2, "c") + frame(3, "d") + frame(3, "e") + frame(1, "f")
            + frame(0, "g")
        let piece = { (origin: FrameDecoder.Origin, text: String) in
            FrameDecoder.Piece(origin: origin, bytes: Array(text.utf8))
        }
        #expect(
            try decoder.decode(wire) == [
                piece(.process(.stdout), "a\nb\n"), piece(.process(.stderr), "c"), piece(.engine, "d"),
                piece(.engine, "e"), piece(.process(.stdout), "fg"),
            ])
    }

    @Test("bytes that are no frame are told, not shown")
    func noFrame() {
        var decoder = FrameDecoder()
        #expect(throws: ClientError.malformed("Unrecognized input header: 104")) {
            try decoder.decode(Array("hello world".utf8))
        }
    }

    @Test("a head is found when it is whole, and what follows is kept")
    func head() throws {
        let wire = Array("HTTP/1.1 101 UPGRADED\r\nContent-Type: a\r\nUpgrade: tcp\r\n\r\nearly".utf8)
        #expect(try ResponseHead.parse(Array(wire[..<30])) == nil)
        let (head, length) = try #require(try ResponseHead.parse(wire))
        #expect(head.status == 101)
        #expect(head.header("content-type") == "a")
        #expect(Array(wire[length...]) == Array("early".utf8))
        #expect(throws: ClientError.self) { try ResponseHead.parse(Array("SSH-2.0\r\n\r\n".utf8)) }
    }
}

@Suite("An answer's JSON")
struct AnswerTests {
    @Test("nothing at all is null, and what is no JSON is told with its place")
    func answers() throws {
        #expect(try JSON(answer: []) == .null)
        #expect(try JSON(answer: Array("[1]".utf8)[...]) == [1])
        #expect(throws: ClientError.malformed("JSON: unexpected EOF at byte 1")) { try JSON(answer: Array("{".utf8)) }
    }
}

@Suite("Addresses and paths")
struct AddressTests {
    @Test("the forms of -H are read")
    func forms() throws {
        #expect(try EngineAddress(parsing: "unix:///a/b") == .unix(path: "/a/b"))
        #expect(try EngineAddress(parsing: "/a/b") == .unix(path: "/a/b"))
        #expect(try EngineAddress(parsing: "tcp://localhost:99") == .tcp(host: "127.0.0.1", port: 99))
        #expect(try EngineAddress(parsing: "tcp://10.0.0.7") == .tcp(host: "10.0.0.7", port: 2375))
        for text in ["", "foo", "unix://", "tcp://example.com:1", "tcp://1.2.3.4:99999", "ssh://a", "tcp://1.2.3:1"] {
            #expect(throws: ClientError.invalidAddress(text)) { try EngineAddress(parsing: text) }
        }
        let long = "/" + String(repeating: "a", count: 107)
        #expect(throws: ClientError.invalidAddress(long)) { try EngineAddress(parsing: long) }
    }

    @Test("what a user types cannot leave its part of a request line")
    func encoding() throws {
        let request = Request(
            .post, "/containers/\(Request.segment("a?b c\r\nX: y"))/kill", query: [("signal", "RTMIN+1")])
        let head = try request.head(version: "1.47", upgrade: false)
        #expect(head.hasPrefix("POST /v1.47/containers/a%3Fb%20c%0D%0AX:%20y/kill?signal=RTMIN%2B1 HTTP/1.1\r\n"))
    }

    @Test("a name is a clean path, as inspect shows it too, and none is not sent")
    func names() throws {
        for (typed, part) in [
            ("/web", "web"), ("web/", "web"), (" web ", "web"), ("a/../web", "web"),
            ("docker.io//a/./b:1", "docker.io/a/b:1"),
            ("..", ".."), ("../images", "../images"), ("", ""), ("/", ""), (" ", ""), (".", ""),
        ] {
            #expect(Request.segment(typed) == part, "\(typed)")
        }
        for (path, noun) in [
            ("/containers//json", "container"), ("/networks/", "network"), ("/images//json", "image"),
            ("/sereno/containers//why", "container"),
        ] {
            #expect(throws: ClientError.emptyName(of: noun)) {
                try Request(.get, path).head(version: nil, upgrade: false)
            }
        }
    }

    @Test("the older of two versions is used")
    func versions() {
        #expect(EngineClient.isOlder("1.9", than: "1.41"))
        #expect(!EngineClient.isOlder("1.47", than: "1.47"))
        #expect(!EngineClient.isOlder("1.50", than: "1.47"))
    }
}
