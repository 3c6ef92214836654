import Model
import Testing

@Suite("Text from outside is taken apart by its bytes")
struct TextBytesTests {
    @Test("A separator with an accent on it is a separator")
    func accents() {
        #expect("A=\u{301}x".cut(at: "=").after?.unicodeScalars.map(\.value) == [0x301, 0x78])
        #expect("A=\u{301}x".cut(at: "=").before == "A")
        #expect("A".cut(at: "=").after == nil)
        #expect("a:\u{301}:b".split(byte: ":").map { Array($0.utf8) } == [[0x61], [0xCC, 0x81], [0x62]])
        #expect("A=\u{301}".hasPrefix(bytes: "A=") && "A=\u{301}".contains(byte: "="))
        #expect("A=\u{301}".dropping(prefix: "A=")?.utf8.count == 2)
        #expect("x\u{301}".dropping(prefix: "x/") == nil)
        #expect("h=\u{301}:1".cut(atFirstOf: ":", "=")?.before == "h")
        #expect("/\u{301}".hasPrefix(bytes: "/") && "a/".hasSuffix(bytes: "/"))
    }

    @Test("A carriage return before a newline does not hide it")
    func carriageReturns() {
        #expect("a\r\nb".split(byte: "\n").map { Array($0.utf8) } == [[0x61, 0x0D], [0x62]])
        #expect("a\r\nb\tc".words == ["a", "b", "c"])
        #expect(" \r\na b\r\n".trimmedOfBlanks == "a b")
    }

    @Test("Two spellings of a letter are two texts")
    func spellings() {
        #expect(!"e\u{301}".isSame(bytes: "\u{e9}"))
        #expect(!"e\u{301}".hasPrefix(bytes: "\u{e9}"))
        #expect("e\u{301}".hasPrefix(bytes: "e"))
    }

    @Test("Parts, limits and empty parts are those of Swift's own split")
    func parts() {
        for text in ["", ":", "a", "a:b:c", ":a::b:", "a:b"] {
            for limit in [0, 1, 2, Int.max] {
                for omits in [true, false] {
                    #expect(
                        text.split(byte: ":", maxSplits: limit, omittingEmptySubsequences: omits)
                            == text.split(separator: ":", maxSplits: limit, omittingEmptySubsequences: omits))
                }
            }
        }
    }
}
