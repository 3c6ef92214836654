/// Walks the tree of a template as Go's text/template/exec does.
struct Evaluator {
    let template: Template
    let missingKey: Template.MissingKey
    let functions: Template.FunctionSet
    let extra: [String: @Sendable (TemplateValue) -> TemplateValue]
    var output = ""
    var variables: [(name: String, value: TemplateValue)]
    /// The node an error would name: its position and its source.
    var place: (position: Int, source: String) = (0, "")
    /// The template in which it runs, by name.
    var templateName: String
    private var depth = 0
    private let root: TemplateValue
    /// What it may still do; see `Template.render`.
    private var left: Int

    /// Templates that call themselves deeper than this are refused; Go's own bound is 100,000.
    private static let maximumDepth = 1000

    enum Flow { case goOn, breakLoop, continueLoop }

    init(
        _ template: Template, _ value: TemplateValue, missingKey: Template.MissingKey,
        functions: Template.FunctionSet, extra: [String: @Sendable (TemplateValue) -> TemplateValue],
        bound: Int? = nil
    ) {
        left = bound ?? .max
        isBounded = bound != nil
        self.template = template
        self.missingKey = missingKey
        self.functions = functions
        self.extra = extra
        templateName = template.name
        variables = [("$", value)]
        root = value
    }

    mutating func run() throws(TemplateError) {
        _ = try walk(template.root, root)
    }

    func failure(_ complaint: String) -> TemplateError {
        let before = template.text.utf8.prefix(place.position)
        let line = 1 + before.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
        let column = before.reversed().prefix { $0 != 10 }.count
        let location = "\(template.name):\(line):\(column)"
        let name = GoQuote.quote(templateName)
        return TemplateError("template: \(location): executing \(name) at <\(place.source)>: \(complaint)")
    }

    /// Takes some of what it may do.
    mutating func spend(_ cost: Int) throws(TemplateError) {
        guard cost <= left else { throw failure("it does or writes too much") }
        left -= cost
    }

    /// Whether there is a bound to what it may do.
    let isBounded: Bool

    /// Takes what is known only when it is done; the next step fails when that was too much.
    mutating func spend(late cost: Int) { left -= min(cost, left) }

    private mutating func write(_ text: String) throws(TemplateError) {
        try spend(text.utf8.count)
        output += text
    }

    // MARK: Nodes

    mutating func walk(_ nodes: [Node], _ dot: TemplateValue) throws(TemplateError) -> Flow {
        for node in nodes {
            let flow = try walk(node, dot)
            if flow != .goOn { return flow }
        }
        return .goOn
    }

    private mutating func walk(_ node: Node, _ dot: TemplateValue) throws(TemplateError) -> Flow {
        try spend(1)
        switch node {
        case .text(let text): try write(text)
        case .action(let pipeline):
            place = (pipeline.position, pipeline.source)
            let value = try evaluate(pipeline, dot)
            if pipeline.variables.isEmpty { try write(ValuePrinter.text(of: value)) }
        case .branch(let branch):
            switch branch.kind {
            case .condition, .with: return try walkCondition(branch, dot)
            case .range: return try walkRange(branch, dot)
            }
        case .template(let position, let name, let pipeline):
            try call(template: name, at: position, pipeline, dot)
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        case .end, .otherwise: break
        }
        return .goOn
    }

    private mutating func walkCondition(_ branch: Branch, _ dot: TemplateValue) throws(TemplateError) -> Flow {
        let known = variables.count
        defer { variables.removeLast(variables.count - known) }
        let value = try evaluate(branch.pipeline, dot)
        if value.isTrue { return try walk(branch.body, branch.kind == .with ? value : dot) }
        guard let otherwise = branch.otherwise else { return .goOn }
        return try walk(otherwise, dot)
    }

    private mutating func walkRange(_ branch: Branch, _ dot: TemplateValue) throws(TemplateError) -> Flow {
        let known = variables.count
        defer { variables.removeLast(variables.count - known) }
        let value = try evaluate(branch.pipeline, dot, declaring: !branch.pipeline.isAssignment)
        if case .int = value, branch.pipeline.variables.count > 1 {
            throw failure("can't use \(ValuePrinter.text(of: value)) to iterate over more than one variable")
        }
        if case .int(let count) = value, count > 0 { try spend(Int(clamping: count)) }
        let items = try elements(of: value)
        if items.isEmpty {
            guard let otherwise = branch.otherwise else { return .goOn }
            return try walk(otherwise, dot)
        }
        let inLoop = variables.count
        for (key, element) in items {
            try spend(1)
            set(branch.pipeline, known: known, key: key, element: element)
            let flow = try walk(branch.body, element)
            variables.removeLast(variables.count - inLoop)
            if flow == .breakLoop { break }
        }
        return .goOn
    }

    private mutating func set(_ pipeline: Pipeline, known: Int, key: TemplateValue, element: TemplateValue) {
        let values = pipeline.variables.count > 1 ? [key, element] : [element]
        for (name, value) in zip(pipeline.variables, values) {
            if let index = variables.lastIndex(where: { $0.name == name }) { variables[index].value = value }
        }
    }

    private func elements(
        of value: TemplateValue
    ) throws(TemplateError) -> [(key: TemplateValue, element: TemplateValue)] {
        switch value {
        case .missing, .null(.interface), .null(.slice), .null(.map): return []
        case .array(let elements): return elements.enumerated().map { (.int(Int64($0.offset)), $0.element) }
        case .map(let map): return map.entries.map { (.string($0.key), $0.value) }
        case .int(let count): return count <= 0 ? [] : (0..<count).map { (.int($0), .int($0)) }
        case .null(.pointer), .bool, .double, .number, .string, .object:
            throw failure("range can't iterate over \(ValuePrinter.text(of: value))")
        }
    }

    private mutating func call(
        template name: String, at position: Int, _ pipeline: Pipeline?, _ dot: TemplateValue
    ) throws(TemplateError) {
        let argument = pipeline.map { " " + $0.source } ?? ""
        place = (position, "{{template \(GoQuote.quote(name))\(argument)}}")
        guard let body = template.definitions[name] else {
            throw failure("template \(GoQuote.quote(name)) not defined")
        }
        guard depth < Self.maximumDepth else { throw failure("exceeded maximum template depth (\(Self.maximumDepth))") }
        let value: TemplateValue = if let pipeline { try evaluate(pipeline, dot) } else { .missing }
        let outer = (variables, templateName)
        (variables, templateName) = ([("$", value)], name)
        depth += 1
        _ = try walk(body, value)
        depth -= 1
        (variables, templateName) = outer
    }

    // MARK: Pipelines and commands

    mutating func evaluate(
        _ pipeline: Pipeline, _ dot: TemplateValue, declaring: Bool = true
    ) throws(TemplateError) -> TemplateValue {
        place = (pipeline.position, pipeline.source)
        var value: TemplateValue?
        for command in pipeline.commands { value = try evaluate(command, dot, final: value) }
        let result = value ?? .missing
        for name in pipeline.variables {
            if pipeline.isAssignment, let index = variables.lastIndex(where: { $0.name == name }) {
                variables[index].value = result
            } else if !pipeline.isAssignment {
                variables.append((name, result))
            }
        }
        return result
    }

    private mutating func evaluate(
        _ command: PipelineCommand, _ dot: TemplateValue, final: TemplateValue?
    ) throws(TemplateError) -> TemplateValue {
        let first = command.words[0]
        switch first {
        case .field(_, let names):
            place = (first.position, first.source)
            return try chain(names, from: dot, isInterface: false, command.words, final, dot)
        case .variable, .chain:
            return try path(first, command.words, final, dot)
        case .identifier(let position, let name):
            place = (position, name)
            return try call(name, command, dot, final)
        case .pipeline(let pipeline):
            try refuseArguments(command.words, final)
            return try evaluate(pipeline, dot)
        case .dot, .nilWord, .bool, .number, .string: break
        }
        place = (first.position, first.source)
        try refuseArguments(command.words, final)
        return try constant(first, dot)
    }

    func refuseArguments(_ words: [Operand], _ final: TemplateValue?) throws(TemplateError) {
        if words.count > 1 || final != nil {
            // Go prints a pipeline in parentheses without them here.
            let source = if case .pipeline(let pipeline) = words[0] { pipeline.source } else { words[0].source }
            throw failure("can't give argument to non-function \(source)")
        }
    }

    private func constant(_ operand: Operand, _ dot: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch operand {
        case .dot: dot
        case .bool(_, let value): .bool(value)
        case .number(_, _, let value): value
        case .string(_, _, let text): .string(text)
        case .nilWord: throw failure("nil is not a command")
        case .identifier, .field, .variable, .chain, .pipeline:
            throw failure("can't evaluate command \(GoQuote.quote(operand.source))")
        }
    }

    /// A word as an argument of a function.
    mutating func argument(_ operand: Operand, _ dot: TemplateValue) throws(TemplateError) -> TemplateValue {
        place = (operand.position, operand.source)
        switch operand {
        case .nilWord: return .null(.interface)
        case .field(_, let names): return try chain(names, from: dot, isInterface: false, [operand], nil, dot)
        case .variable, .chain: return try path(operand, [operand], nil, dot)
        case .pipeline(let pipeline): return try evaluate(pipeline, dot)
        case .identifier(let position, let name):
            return try call(name, PipelineCommand(position: position, words: [operand]), dot, nil)
        case .dot, .bool, .number, .string: return try constant(operand, dot)
        }
    }
}
