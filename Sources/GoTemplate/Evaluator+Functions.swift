extension Evaluator {
    /// Calls a function by name with a command's words and, last, what the pipeline hands on.
    mutating func call(
        _ name: String, _ command: Command, _ dot: TemplateValue, _ final: TemplateValue?
    ) throws(TemplateError) -> TemplateValue {
        let words = Array(command.words.dropFirst())
        if name == "and" || name == "or" { return try shortCircuit(name, words, dot, final) }
        let signature: Functions.Signature
        if extra[name] != nil {
            signature = Functions.Signature([.any])
        } else if let known = headingSignature(name) ?? Functions.signatures[name] {
            signature = known
        } else {
            throw failure("\(GoQuote.quote(name)) is not a defined function")
        }
        try checkCount(name, signature, words.count + (final == nil ? 0 : 1))
        var arguments: [TemplateValue] = []
        for (index, word) in words.enumerated() {
            arguments.append(try accepted(word, as: parameter(index, signature), dot))
        }
        if let final { arguments.append(try accepted(final, as: parameter(arguments.count, signature))) }
        if let function = extra[name] { return function(arguments[0]) }
        if headingSignature(name) != nil { return arguments[0] }
        do {
            return try Functions.call(name, arguments, source: words.first?.source ?? "nil")
        } catch {
            place = (command.position, command.source)
            throw failure("error calling \(name): \(error.text)")
        }
    }

    /// docker's functions leave a heading of a table as it is.
    private func headingSignature(_ name: String) -> Functions.Signature? {
        guard functions == .headings else { return nil }
        switch name {
        case "json", "title", "lower", "upper": return Functions.Signature([.string])
        case "split", "join": return Functions.Signature([.string, .string])
        case "truncate": return Functions.Signature([.string, .integer])
        default: return nil
        }
    }

    private func parameter(_ index: Int, _ signature: Functions.Signature) -> Functions.Parameter {
        index < signature.fixed.count ? signature.fixed[index] : signature.rest ?? .any
    }

    private func checkCount(_ name: String, _ signature: Functions.Signature, _ count: Int) throws(TemplateError) {
        let wanted = signature.fixed.count
        if signature.rest != nil {
            guard count >= wanted else {
                throw failure("wrong number of args for \(name): want at least \(wanted) got \(count)")
            }
        } else if count != wanted {
            throw failure("wrong number of args for \(name): want \(wanted) got \(count)")
        }
    }

    /// `and` and `or` look at no more arguments than they need.
    private mutating func shortCircuit(
        _ name: String, _ words: [Operand], _ dot: TemplateValue, _ final: TemplateValue?
    ) throws(TemplateError) -> TemplateValue {
        guard !words.isEmpty || final != nil else {
            throw failure("wrong number of args for \(name): want at least 1 got 0")
        }
        var value: TemplateValue = .missing
        for word in words {
            value = try argument(word, dot)
            if value.isTrue == (name == "or") { return value }
        }
        return final ?? value
    }

    private mutating func accepted(
        _ word: Operand, as parameter: Functions.Parameter, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        place = (word.position, word.source)
        switch (word, parameter) {
        case (_, .any), (.field, _), (.variable, _), (.pipeline, _), (.identifier, _), (.chain, _), (.dot, _):
            return try accepted(try argument(word, dot), as: parameter)
        case (.nilWord, .strings): return .null(.slice)
        case (.nilWord, _): throw failure("cannot assign nil to \(parameter.rawValue)")
        case (.string(_, _, let text), .string): return .string(text)
        case (.number(_, _, let value), .integer):
            if case .int = value { return value }
            throw failure("expected integer; found \(word.source)")
        case (_, .string): throw failure("expected string; found \(word.source)")
        case (_, .integer): throw failure("expected integer; found \(word.source)")
        case (_, .strings): throw failure("can't handle \(word.source) for arg of type []string")
        }
    }

    private func accepted(
        _ value: TemplateValue, as parameter: Functions.Parameter
    ) throws(TemplateError) -> TemplateValue {
        let fits: Bool =
            switch (value, parameter) {
            case (_, .any), (.string, .string), (.int, .integer), (.array, .strings), (.null(.slice), .strings): true
            default: false
            }
        if fits { return value }
        switch value {
        case .missing, .null(.interface): throw failure("invalid value; expected \(parameter.rawValue)")
        default:
            throw failure("wrong type for value; expected \(parameter.rawValue); got \(value.typeName)")
        }
    }
}
