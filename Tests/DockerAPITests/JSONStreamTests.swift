import DockerAPI
import JSONFormat
import Testing

@Suite("A streamed answer")
struct JSONStreamTests {
    @Test(
        "A text is written as the tree writes it, whatever is in it",
        arguments: [
            "", "plain", "\"", "\\", "a\"b\\c\nd\re\tf\u{0}g\u{1f}h", "\u{7f}é€😀", String(repeating: "x\"", count: 300),
        ])
    func texts(_ text: String) throws {
        var stream = JSONStream()
        stream.value(text)
        #expect(stream.bytes == JSON.string(text).encoded())
        #expect(try JSON(parsing: stream.bytes) == .string(text))
    }

    @Test("Commas stand between members and elements and nowhere else")
    func separators() throws {
        var stream = JSONStream()
        stream.object { stream in
            stream.name("empty")
            stream.object { _ in }
            stream.name("none")
            stream.array([String]()) { $0.value($1) }
            stream.member("text", "a")
            stream.name("list")
            stream.array([1, 2, 3]) { stream, number in
                stream.object { $0.member("n", .integer(number)) }
            }
            stream.name("encoded")
            stream.value(encoded: Array("[1]".utf8))
            stream.member("last", true)
        }
        let expected: JSON = [
            "empty": [:], "none": [], "text": "a", "list": [["n": 1], ["n": 2], ["n": 3]], "encoded": [1], "last": true,
        ]
        #expect(stream.bytes == expected.encoded())
    }
}
