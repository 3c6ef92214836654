import GoTemplate
import Testing

@Suite("JSON keeps what it says")
struct JSONTests {
    @Test("order of keys and text of numbers survive")
    func keepsOrder() throws {
        let text = #"{"b":1.50,"a":[1e3,-0,{"z":null,"y":true}],"c":"x\u00e9\n"}"#
        let value = try JSONParser.parse(text)
        #expect(JSONPrinter.compact(value) == #"{"b":1.50,"a":[1e3,-0,{"z":null,"y":true}],"c":"xé\n"}"#)
    }

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

    @Test(
        "what is not JSON is refused at its first wrong byte",
        arguments: [
            ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("01", 2), ("1.", 2), ("\"a\nb\"", 2), ("nul", 0),
            ("[1] x", 4),
            ("\"\\q\"", 2), ("+1", 0),
        ])
    func refuses(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(text) }
        #expect(error?.offset == offset)
    }

    @Test("nesting has a bound")
    func boundsNesting() throws {
        let deep = String(repeating: "[", count: 5000)
        #expect(throws: JSONParseError.self) { try JSONParser.parse(deep) }
    }

    @Test("surrogate pairs make one character, a lone half the replacement")
    func surrogates() throws {
        #expect(try JSONParser.parse(#""\ud83d\ude00""#) == .string("😀"))
        #expect(try JSONParser.parse(#""\ud83d""#) == .string("\u{FFFD}"))
    }
}
