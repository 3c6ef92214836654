import Listings
import Testing

@Suite("JSON is laid out as Go does it")
struct JSONLayoutTests {
    @Test("layout changes only the blanks between words")
    func layout() {
        let bytes = Array(#"[{"a":"\u003c, {","b":[],"c":{},"d":[1, 2]}]"#.utf8)
        let expected = """
            [
                {
                    "a": "\\u003c, {",
                    "b": [],
                    "c": {},
                    "d": [
                        1,
                        2
                    ]
                }
            ]
            """
        #expect(JSONLayout.indented(bytes) == expected)
        #expect(JSONLayout.compact(Array(expected.utf8)) == #"[{"a":"\u003c, {","b":[],"c":{},"d":[1,2]}]"#)
    }
}
