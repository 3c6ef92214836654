import GoTemplate
import Testing

@Suite("A text is a template when docker's client takes it for one")
struct TemplateGoldenTests {
    @Test("it is refused with the same words", arguments: Goldens.refusedTemplates)
    func refuses(_ golden: Golden) {
        let error = #expect(throws: TemplateError.self) { try Template(golden.template) }
        #expect(error?.description == golden.expected)
    }

    @Test("no text of any length takes the parser down")
    func survivesNoise() {
        let words = [
            "{{", "}}", "{{-", "-}}", "(", ")", "|", ".A", "$x", ":=", "if ", "range ", "end", "\"", "'", "/*", "é",
            " ",
        ]
        var state: UInt64 = 7
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int((state >> 33) % UInt64(words.count))]
            }
            guard let template = try? Template(text) else { continue }
            _ = template.run(.missing)
        }
    }

    @Test("nesting has a bound", arguments: ["{{(", "{{if true}}", "{{range 3}}{{with 1}}"])
    func boundsNesting(_ opening: String) {
        let text = String(repeating: opening, count: 2000)
        #expect(throws: TemplateError.self) { try Template(text) }
    }

    @Test("parentheses have a bound")
    func boundsParentheses() {
        let error = #expect(throws: TemplateError.self) {
            try Template("{{" + String(repeating: "(", count: 2000))
        }
        #expect(error?.description == "template: :1: max expression depth exceeded")
    }

    @Test("a template that calls itself without end is stopped")
    func stopsRecursion() throws {
        let template = try Template("{{define \"T\"}}{{template \"T\" .}}{{end}}{{template \"T\" .}}")
        let error = template.run(.missing).error
        #expect(error?.description.hasSuffix("exceeded maximum template depth (1000)") == true)
    }
}
