import Model
import Testing

@Suite struct TextMapTests {
    private let composed = "caf\u{e9}"
    private let decomposed = "cafe\u{301}"

    @Test("Two spellings of a letter are two names and two texts")
    func bytes() {
        var map: TextMap = [composed: "1", decomposed: "2"]
        #expect(map.count == 2)
        #expect(map[composed] == "1" && map[decomposed] == "2")
        map[decomposed] = nil
        #expect(map[composed] == "1" && map[decomposed] == nil)
        #expect(TextMap(dictionaryLiteral: ("a", composed)) != TextMap(dictionaryLiteral: ("a", decomposed)))
    }

    @Test("It is iterated in the order of the bytes, and the last of two of a name counts")
    func order() {
        let map = TextMap([
            (key: "b", value: "1"), (key: composed, value: "2"), (key: "B", value: "3"), (key: "b", value: "4"),
        ])
        #expect(map.names == ["B", "b", composed])
        #expect(map.map(\.value) == ["3", "4", "2"])
    }
}
