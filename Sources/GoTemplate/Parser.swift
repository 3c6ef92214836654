/// Turns the words of a template into its tree, with the complaints of Go's text/template/parse.
struct Parser {
    private let name: String
    private let functions: Set<String>
    private let tokens: [Token]
    private var next = 0
    private var variables = ["$"]
    private var rangeDepth = 0
    private var actionLine = 0
    private(set) var definitions: [String: [Node]] = [:]

    /// The tree of a template and the templates it defines.
    static func parse(
        name: String, text: String, functions: Set<String>
    ) throws(TemplateError) -> (root: [Node], definitions: [String: [Node]]) {
        var parser = Parser(name: name, functions: functions, tokens: Lexer.tokens(of: text))
        let root = try parser.parseTop()
        return (root, parser.definitions)
    }

    private init(name: String, functions: Set<String>, tokens: [Token]) {
        self.name = name
        self.functions = functions
        self.tokens = tokens
    }

    // MARK: Words

    private var peeked: Token { tokens[min(next, tokens.count - 1)] }

    private mutating func take() -> Token {
        let token = peeked
        next = min(next + 1, tokens.count)
        return token
    }

    private mutating func takeNonSpace() -> Token {
        skipSpace()
        return take()
    }

    private mutating func peekNonSpace() -> Token {
        skipSpace()
        return peeked
    }

    private mutating func skipSpace() {
        while peeked.kind == .space { next += 1 }
    }

    private func failure(_ complaint: String) -> TemplateError {
        let latest = tokens[max(0, min(next, tokens.count) - 1)]
        return TemplateError("template: \(name):\(latest.line): \(complaint)")
    }

    private func unexpected(_ token: Token, in context: String) -> TemplateError {
        guard token.kind == .error else { return failure("unexpected \(describe(token)) in \(context)") }
        guard actionLine != 0, actionLine != token.line else { return failure(token.text) }
        let place = "\(name):\(actionLine)"
        return failure(token.text + (token.text.hasSuffix(" action") ? "" : " in action") + " started at \(place)")
    }

    private func describe(_ token: Token) -> String {
        switch token.kind {
        case .end: return "EOF"
        case .error: return token.text
        case .keyword, .dot, .nilWord: return "<\(token.text)>"
        default: break
        }
        guard token.text.utf8.count > 10 else { return GoQuote.quote(token.text) }
        return GoQuote.quote(String(String.UnicodeScalarView(token.text.unicodeScalars.prefix(10)))) + "..."
    }

    // MARK: Lists

    private mutating func parseTop() throws(TemplateError) -> [Node] {
        var nodes: [Node] = []
        while peeked.kind != .end {
            if try parseDefinitionIfAny() { continue }
            let node = try textOrAction()
            switch node {
            case .end: throw failure("unexpected {{end}}")
            case .otherwise: throw failure("unexpected {{else}}")
            default: nodes.append(node)
            }
        }
        return nodes
    }

    private mutating func parseDefinitionIfAny() throws(TemplateError) -> Bool {
        guard peeked.kind == .leftDelimiter else { return false }
        let start = next
        _ = take()
        let word = takeNonSpace()
        guard word.kind == .keyword, word.text == "define" else {
            next = start
            return false
        }
        let defined = try templateName(in: "define clause")
        let close = takeNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "define clause") }
        let kept = variables
        variables = ["$"]
        let (body, last) = try list()
        variables = kept
        guard case .end = last else { throw failure("unexpected {{else}} in define clause") }
        definitions[defined] = body
        return true
    }

    /// The nodes up to and including `{{end}}` or `{{else}}`, which is told apart.
    private mutating func list() throws(TemplateError) -> (body: [Node], last: Node) {
        var nodes: [Node] = []
        while peekNonSpace().kind != .end {
            let node = try textOrAction()
            switch node {
            case .end, .otherwise: return (nodes, node)
            default: nodes.append(node)
            }
        }
        next = tokens.count
        throw failure("unexpected EOF")
    }

    private mutating func textOrAction() throws(TemplateError) -> Node {
        let token = takeNonSpace()
        switch token.kind {
        case .text: return .text(token.text)
        case .leftDelimiter:
            actionLine = token.line
            let node = try action()
            actionLine = 0
            return node
        default: throw unexpected(token, in: "input")
        }
    }

    // MARK: Actions

    private mutating func action() throws(TemplateError) -> Node {
        let token = peekNonSpace()
        guard token.kind == .keyword else { return .action(try pipeline("command", until: .rightDelimiter)) }
        _ = take()
        switch token.text {
        case "if": return try control(.condition)
        case "with": return try control(.with)
        case "range": return try control(.range)
        case "break", "continue": return try loopExit(token.text)
        case "else": return try otherwise()
        case "end":
            let close = takeNonSpace()
            guard close.kind == .rightDelimiter else { throw unexpected(close, in: "end") }
            return .end
        case "template": return try templateAction()
        case "block": return try block()
        default:
            throw unexpected(token, in: "command")
        }
    }

    private mutating func loopExit(_ word: String) throws(TemplateError) -> Node {
        let close = takeNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "{{\(word)}}") }
        guard rangeDepth > 0 else { throw failure("{{\(word)}} outside {{range}}") }
        return word == "break" ? .breakLoop : .continueLoop
    }

    private mutating func otherwise() throws(TemplateError) -> Node {
        let token = peekNonSpace()
        if token.kind == .keyword, token.text == "if" || token.text == "with" { return .otherwise }
        let close = takeNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "else") }
        return .otherwise
    }

    private mutating func control(_ kind: Branch.Kind) throws(TemplateError) -> Node {
        let known = variables.count
        let pipeline = try pipeline(kind.rawValue, until: .rightDelimiter)
        if kind == .range { rangeDepth += 1 }
        let (body, last) = try list()
        if kind == .range { rangeDepth -= 1 }
        var alternative: [Node]?
        if case .otherwise = last {
            let token = peeked
            if kind != .range, token.kind == .keyword, token.text == kind.rawValue {
                // `{{else if X}}` is `{{else}}{{if X}}` with one end for both.
                _ = take()
                alternative = [try control(kind)]
            } else if token.kind == .keyword {
                throw unexpected(take(), in: "input")
            } else {
                let (second, end) = try list()
                guard case .end = end else { throw failure("expected end; found {{else}}") }
                alternative = second
            }
        }
        variables.removeLast(variables.count - known)
        return .branch(Branch(kind: kind, pipeline: pipeline, body: body, otherwise: alternative))
    }

    private mutating func templateName(in context: String) throws(TemplateError) -> String {
        let token = takeNonSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        guard let name = GoQuote.unquote(token.text) else { throw failure("invalid syntax") }
        return name
    }

    private mutating func templateAction() throws(TemplateError) -> Node {
        let position = peekNonSpace().position
        let called = try templateName(in: "template clause")
        guard peekNonSpace().kind != .rightDelimiter else {
            _ = take()
            return .template(position: position, name: called, pipeline: nil)
        }
        let argument = try pipeline("template clause", until: .rightDelimiter)
        return .template(position: position, name: called, pipeline: argument)
    }

    private mutating func block() throws(TemplateError) -> Node {
        let position = peekNonSpace().position
        let called = try templateName(in: "block clause")
        let argument = try pipeline("block clause", until: .rightDelimiter)
        let kept = variables
        variables = ["$"]
        let (body, last) = try list()
        variables = kept
        guard case .end = last else { throw failure("unexpected {{else}} in block clause") }
        if definitions[called] == nil { definitions[called] = body }
        return .template(position: position, name: called, pipeline: argument)
    }

    // MARK: Pipelines

    private mutating func pipeline(
        _ context: String, until end: Token.Kind
    ) throws(TemplateError) -> Pipeline {
        var pipeline = Pipeline(position: peekNonSpace().position)
        try declarations(&pipeline, context)
        while true {
            let token = takeNonSpace()
            if token.kind == end { break }
            guard Parser.beginsOperand(token.kind) else { throw unexpected(token, in: context) }
            next -= 1
            pipeline.commands.append(try command())
        }
        try check(pipeline, context)
        return pipeline
    }

    private static func beginsOperand(_ kind: Token.Kind) -> Bool {
        switch kind {
        case .bool, .character, .dot, .field, .identifier, .number, .nilWord, .rawString, .string, .variable,
            .leftParenthesis:
            true
        default: false
        }
    }

    private mutating func declarations(_ pipeline: inout Pipeline, _ context: String) throws(TemplateError) {
        while peekNonSpace().kind == .variable {
            let start = next
            let variable = take().text
            switch peekNonSpace().kind {
            case .assign, .declare:
                pipeline.isAssignment = take().kind == .assign
                pipeline.variables.append(variable)
                variables.append(variable)
                return
            case .comma:
                _ = take()
                pipeline.variables.append(variable)
                variables.append(variable)
                guard context == "range", pipeline.variables.count < 2 else {
                    throw failure("too many declarations in \(context)")
                }
                guard [.variable, .rightDelimiter, .rightParenthesis].contains(peekNonSpace().kind) else {
                    throw failure("range can only initialize variables")
                }
            default:
                next = start
                return
            }
        }
    }

    private func check(_ pipeline: Pipeline, _ context: String) throws(TemplateError) {
        guard !pipeline.commands.isEmpty else { throw failure("missing value for \(context)") }
        for (stage, command) in pipeline.commands.enumerated().dropFirst() {
            switch command.words[0] {
            case .bool, .dot, .nilWord, .number, .string:
                throw failure("non executable command in pipeline stage \(stage + 1)")
            case .identifier, .field, .variable, .chain, .pipeline: break
            }
        }
    }

    private mutating func command() throws(TemplateError) -> Command {
        var command = Command(position: peekNonSpace().position)
        while true {
            skipSpace()
            if let operand = try operand() { command.words.append(operand) }
            let token = take()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: next -= 1
            case .pipe: break
            default: throw unexpected(token, in: "operand")
            }
            break
        }
        guard !command.words.isEmpty else { throw failure("empty command") }
        return command
    }

    private mutating func operand() throws(TemplateError) -> Operand? {
        guard let term = try term() else { return nil }
        guard peeked.kind == .field else { return term }
        let position = peeked.position
        var names: [String] = []
        while peeked.kind == .field { names.append(String(take().text.dropFirst())) }
        switch term {
        case .field(_, let first): return .field(position, first + names)
        case .variable(_, let first): return .variable(position, first + names)
        case .bool, .string, .number, .nilWord, .dot:
            throw failure("unexpected . after term \(GoQuote.quote(term.source))")
        case .identifier, .chain, .pipeline: return .chain(position, term, names)
        }
    }

    private mutating func term() throws(TemplateError) -> Operand? {
        let token = peekNonSpace()
        guard Parser.beginsOperand(token.kind) else { return nil }
        _ = take()
        let position = token.position
        switch token.kind {
        case .identifier:
            guard functions.contains(token.text) else {
                throw failure("function \(GoQuote.quote(token.text)) not defined")
            }
            return .identifier(position, token.text)
        case .dot: return .dot(position)
        case .nilWord: return .nilWord(position)
        case .variable:
            guard variables.contains(token.text) else {
                throw failure("undefined variable \(GoQuote.quote(token.text))")
            }
            return .variable(position, [token.text])
        case .field: return .field(position, [String(token.text.dropFirst())])
        case .bool: return .bool(position, token.text == "true")
        case .character: return try character(token)
        case .number: return try number(token)
        case .leftParenthesis: return .pipeline(try pipeline("parenthesized pipeline", until: .rightParenthesis))
        default:
            guard let text = GoQuote.unquote(token.text) else { throw failure("invalid syntax") }
            return .string(position, quoted: token.text, text: text)
        }
    }

    private func character(_ token: Token) throws(TemplateError) -> Operand {
        guard token.text.utf8.count > 2 else { throw failure("invalid syntax") }
        guard let text = GoQuote.unquote(token.text), text.unicodeScalars.count == 1,
            let scalar = text.unicodeScalars.first
        else { throw failure("malformed character constant: \(token.text)") }
        return .number(token.position, text: token.text, value: .int(Int64(scalar.value)))
    }

    private func number(_ token: Token) throws(TemplateError) -> Operand {
        guard let literal = NumberLiteral(token.text) else {
            throw failure("illegal number syntax: \(GoQuote.quote(token.text))")
        }
        guard literal.isExact || NumberLiteral.isFloat(token.text) else {
            throw failure("integer overflow: \(GoQuote.quote(token.text))")
        }
        guard !NumberLiteral.isFloat(token.text), let integer = literal.integer else {
            return .number(token.position, text: token.text, value: .double(literal.double))
        }
        return .number(token.position, text: token.text, value: .int(integer))
    }
}
