extension Parser {
    mutating func pipeline(
        _ context: String, until end: Token.Kind
    ) throws(TemplateError) -> Pipeline {
        try enter()
        defer { depth -= 1 }
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

    mutating func enter() throws(TemplateError) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw failure("max expression depth exceeded") }
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

    private mutating func command() throws(TemplateError) -> PipelineCommand {
        var command = PipelineCommand(position: peekNonSpace().position)
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
