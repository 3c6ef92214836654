import JSONFormat
import Testing

@Suite("JSON keeps what it says")
struct JSONTests {
    @Test(
        "order of members and spelling of numbers survive",
        arguments: [
            #"{"b":1,"a":[true,false,null],"c":{"x":1.50,"big":18446744073709551615}}"#, #""\"\\\n\u0001é""#, "[]",
            "{}", "-0.5e10", #"{"b":1.50,"a":[1e3,-0,{"z":null,"y":true}],"c":"xé\n"}"#,
        ])
    func keepsOrder(text: String) throws { #expect(try JSON(parsing: text).text == text) }

    @Test("what is written is read as the same")
    func roundTrip() throws {
        let text = #"{"a":[1,-2.5,true,null,"\u00e9\n\"\\ \ud83d\ude00\u0001"],"b":{},"c":[]}"#
        let value = try JSON(parsing: text)
        #expect(try JSON(parsing: value.encoded()) == value)
        #expect(value["a"]?.elements.last?.string == "é\n\"\\ 😀\u{1}")
    }

    @Test(
        "what is not JSON is refused at its first wrong byte, in Go's words",
        arguments: [
            ("", 0, "EOF"), ("{", 1, "unexpected EOF"),
            ("{bad", 1, "invalid character 'b' looking for beginning of object key string"),
            ("[1,]", 3, "invalid character ']' looking for beginning of value"),
            ("{\"a\" 1}", 5, "invalid character '1' after object key"), ("{} x", 3, "unexpected content after JSON"),
            ("01", 1, "unexpected content after JSON"), ("1.", 2, "unexpected EOF"), ("nul", 3, "unexpected EOF"),
            ("\"a\nb\"", 2, "invalid character '\\xa' in string literal"),
            ("\"\\n\nb\"", 3, "invalid character '\\xa' in string literal"),
            ("\"\\q\"", 2, "invalid character 'q' in string escape code"), ("\"ab", 3, "unexpected EOF"),
            ("+1", 0, "invalid character '+' looking for beginning of value"),
            ("1e+", 3, "unexpected EOF"), ("-", 1, "unexpected EOF"),
            (".5", 0, "invalid character '.' looking for beginning of value"),
        ])
    func refuses(_ text: String, _ offset: Int, _ message: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.message == message)
    }

    @Test("nesting ends before the stack does", arguments: ["[", #"{"a":"#])
    func boundsNesting(opening: String) {
        let deep = String(repeating: opening, count: 1_000_000)
        let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: deep) }
        #expect(error?.message == "exceeded max depth")
        #expect(error?.offset == (JSON.maximumDepth + 1) * opening.utf8.count)
        let fits = String(repeating: "[", count: JSON.maximumDepth) + String(repeating: "]", count: JSON.maximumDepth)
        #expect((try? JSON(parsing: fits)) != nil)
    }

    @Test("surrogate pairs make one character, a lone half the replacement")
    func surrogates() throws {
        #expect(try JSON(parsing: #""\ud83d\ude00""#) == "😀")
        #expect(try JSON(parsing: #""\ud83d""#) == "\u{FFFD}")
        #expect(try JSON(parsing: #""\u00e9\/\b""#) == "é/\u{8}")
        #expect(try JSON(parsing: #""\ud83d\u0041""#) == "\u{FFFD}A")
    }

    @Test(
        "whole numbers are whole however they are spelled, and others are not",
        arguments: [
            ("5", 5), ("5.0", 5), ("5e3", 5000), ("-0", 0), ("5.5", nil), ("1e300", nil),
            ("9223372036854775807", .max), ("9223372036854775808", nil),
        ] as [(String, Int64?)])
    func integers(text: String, value: Int64?) throws {
        #expect(try JSON(parsing: text).integer == value)
    }

    @Test("numbers are written without a point when they are whole, and what JSON cannot say is null")
    func doubles() {
        #expect(
            JSON.array([.double(3), .double(-0.25), .double(.infinity), .double(.nan)]).text == "[3,-0.25,null,null]")
    }

    @Test("of two members with one name the last counts, and both are kept")
    func twice() throws {
        let value = try JSON(parsing: #"{"a":1,"b":2,"a":3}"#)
        #expect(value["a"]?.integer == 3)
        #expect(value.members.count == 3)
        #expect(value["c"] == nil && JSON.null["a"] == nil)
    }
}
