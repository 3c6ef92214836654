/// Turns the words of a template into its tree, with the complaints of Go's text/template/parse.
struct Parser {
    let name: String
    let functions: Set<String>
    let tokens: [Token]
    var next = 0
    var variables = ["$"]
    var rangeDepth = 0
    var actionLine = 0
    /// How many pipelines and branches enclose the present word.
    var depth = 0

    /// Pipelines and branches may nest this deep; Go has no bound before its stack ends.
    static let maximumDepth = 500
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

    var peeked: Token { tokens[min(next, tokens.count - 1)] }

    mutating func take() -> Token {
        let token = peeked
        next = min(next + 1, tokens.count)
        return token
    }

    mutating func takeNonSpace() -> Token {
        skipSpace()
        return take()
    }

    mutating func peekNonSpace() -> Token {
        skipSpace()
        return peeked
    }

    mutating func skipSpace() {
        while peeked.kind == .space { next += 1 }
    }

    func failure(_ complaint: String) -> TemplateError {
        let latest = tokens[max(0, min(next, tokens.count) - 1)]
        return TemplateError("template: \(name):\(latest.line): \(complaint)")
    }

    func unexpected(_ token: Token, in context: String) -> TemplateError {
        guard token.kind == .error else { return failure("unexpected \(describe(token)) in \(context)") }
        guard actionLine != 0, actionLine != token.line else { return failure(token.text) }
        let place = "\(name):\(actionLine)"
        return failure(token.text + (token.text.hasSuffix(" action") ? "" : " in action") + " started at \(place)")
    }

    func describe(_ token: Token) -> String {
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

    mutating func parseTop() throws(TemplateError) -> [Node] {
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

    mutating func parseDefinitionIfAny() throws(TemplateError) -> Bool {
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
    mutating func list() throws(TemplateError) -> (body: [Node], last: Node) {
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

    mutating func textOrAction() throws(TemplateError) -> Node {
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

    mutating func action() throws(TemplateError) -> Node {
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

    mutating func loopExit(_ word: String) throws(TemplateError) -> Node {
        let close = takeNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "{{\(word)}}") }
        guard rangeDepth > 0 else { throw failure("{{\(word)}} outside {{range}}") }
        return word == "break" ? .breakLoop : .continueLoop
    }

    mutating func otherwise() throws(TemplateError) -> Node {
        let token = peekNonSpace()
        if token.kind == .keyword, token.text == "if" || token.text == "with" { return .otherwise }
        let close = takeNonSpace()
        guard close.kind == .rightDelimiter else { throw unexpected(close, in: "else") }
        return .otherwise
    }

    mutating func control(_ kind: Branch.Kind) throws(TemplateError) -> Node {
        try enter()
        defer { depth -= 1 }
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

    mutating func templateName(in context: String) throws(TemplateError) -> String {
        let token = takeNonSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        guard let name = GoQuote.unquote(token.text) else { throw failure("invalid syntax") }
        return name
    }

    mutating func templateAction() throws(TemplateError) -> Node {
        let position = peekNonSpace().position
        let called = try templateName(in: "template clause")
        guard peekNonSpace().kind != .rightDelimiter else {
            _ = take()
            return .template(position: position, name: called, pipeline: nil)
        }
        let argument = try pipeline("template clause", until: .rightDelimiter)
        return .template(position: position, name: called, pipeline: argument)
    }

    mutating func block() throws(TemplateError) -> Node {
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
}
