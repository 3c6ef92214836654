import Testing

/// A template and what docker 28.2.2 made of it.
struct Golden: Sendable, CustomTestStringConvertible {
    let template: String
    let expected: String

    init(_ template: String, _ expected: String) {
        self.template = template
        self.expected = expected
    }

    var testDescription: String { template }
}

/// What docker's client said.
enum Goldens {}
