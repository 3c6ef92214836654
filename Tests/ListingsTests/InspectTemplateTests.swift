import GoTemplate
import JSONFormat
import Listings
import Testing

@Suite("A template shows of an answer what docker's client shows")
struct InspectTemplateTests {
    private func container() throws -> JSON { try JSON(parsing: Answers.container) }

    @Test("it prints the same", arguments: Goldens.renderedTemplates)
    func prints(_ golden: Golden) throws {
        let template = try Template(golden.template)
        #expect(try InspectValue.render(template, over: container()) == golden.expected)
    }

    @Test("it fails with the same words", arguments: Goldens.failingTemplates)
    func fails(_ golden: Golden) throws {
        let template = try Template(golden.template)
        let document = try container()
        let error = #expect(throws: TemplateError.self) { try InspectValue.render(template, over: document) }
        #expect(error?.description == golden.expected)
    }
}
