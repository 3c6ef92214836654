/// A part of a parsed template.
indirect enum Node: Sendable {
    case text(String)
    case action(Pipeline)
    case branch(Branch)
    case template(position: Int, name: String, pipeline: Pipeline?)
    case breakLoop
    case continueLoop
    /// `{{end}}`, which only the parser sees.
    case end
    /// `{{else}}`, which only the parser sees.
    case otherwise
}

/// An `if`, `with` or `range`.
struct Branch: Sendable {
    enum Kind: String, Sendable {
        case condition = "if"
        case with
        case range
    }

    let kind: Kind
    let pipeline: Pipeline
    let body: [Node]
    let otherwise: [Node]?
}

/// Commands whose results feed the next, and the variables that take the last.
struct Pipeline: Sendable {
    let position: Int
    var isAssignment = false
    var variables: [String] = []
    var commands: [PipelineCommand] = []

    var source: String {
        var text = variables.joined(separator: ", ")
        if !variables.isEmpty { text += isAssignment ? " = " : " := " }
        return text + commands.map(\.source).joined(separator: " | ")
    }
}

/// A function, field or value with its arguments.
struct PipelineCommand: Sendable {
    let position: Int
    var words: [Operand] = []

    var source: String { words.map(\.source).joined(separator: " ") }
}

/// One word of a command.
indirect enum Operand: Sendable {
    case dot(Int)
    case nilWord(Int)
    case bool(Int, Bool)
    case number(Int, text: String, value: TemplateValue)
    case string(Int, quoted: String, text: String)
    case identifier(Int, String)
    case field(Int, [String])
    case variable(Int, [String])
    case chain(Int, Operand, [String])
    case pipeline(Pipeline)

    var position: Int {
        switch self {
        case .dot(let position), .nilWord(let position), .bool(let position, _), .number(let position, _, _),
            .string(let position, _, _), .identifier(let position, _), .field(let position, _),
            .variable(let position, _), .chain(let position, _, _):
            position
        case .pipeline(let pipeline): pipeline.position
        }
    }

    /// The word as it stands in the template, which error texts quote.
    var source: String {
        switch self {
        case .dot: "."
        case .nilWord: "nil"
        case .bool(_, let value): value ? "true" : "false"
        case .number(_, let text, _): text
        case .string(_, let quoted, _): quoted
        case .identifier(_, let name): name
        case .field(_, let names): names.map { "." + $0 }.joined()
        case .variable(_, let names): names.joined(separator: ".")
        case .chain(_, let operand, let names): operand.source + names.map { "." + $0 }.joined()
        case .pipeline(let pipeline): "(" + pipeline.source + ")"
        }
    }
}
