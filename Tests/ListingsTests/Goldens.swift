import Testing

/// A template and what docker 28.2.2 made of it over the container in `Answers`.
struct Golden: Sendable, CustomTestStringConvertible {
    let template: String
    let expected: String

    init(_ template: String, _ expected: String) {
        self.template = template
        self.expected = expected
    }

    var testDescription: String { template }
}

/// A listing by docker 28.2.2: verb, format, the other options and its output.
struct ListingGolden: Sendable, CustomTestStringConvertible {
    let verb: String
    let format: String
    let options: String
    let expected: String

    init(_ verb: String, _ format: String, _ options: String, _ expected: String) {
        self.verb = verb
        self.format = format
        self.options = options
        self.expected = expected
    }

    var testDescription: String { "\(verb) \(options) \(format)" }
}

/// What docker's client printed for the documents in `Answers`.
enum Goldens {}
