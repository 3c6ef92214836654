extension Evaluator {
    /// Calls a function by name with a command's words and, last, what the pipeline hands on.
    mutating func call(
        _ name: String, _ command: PipelineCommand, _ dot: TemplateValue, _ final: TemplateValue?
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
        if isBounded { try spend(Self.cost(arguments)) }
        do {
            let result = try Functions.call(name, arguments, source: words.first?.source ?? "nil")
            if isBounded, case .string(let text) = result { spend(late: text.utf8.count) }
            return result
        } catch {
            place = (command.position, command.source)
            throw failure("error calling \(name): \(error.text)")
        }
    }

    /// docker's functions leave a heading of a table as it is.
    /// What a call may make of its arguments at most: widths and lengths are numbers among them or in a text, and a separator is put
    /// between all elements.
    private static func cost(_ arguments: [TemplateValue]) -> Int {
        var (texts, elements, numbers) = (1, 1, 0)
        func add(_ number: some BinaryInteger) { numbers = min(numbers + Int(clamping: number.magnitude), 1 << 40) }
        for argument in arguments {
            switch argument {
            case .int(let number): add(number)
            case .string(let text):
                texts = min(texts + text.utf8.count, 1 << 20)
                for digits in text.utf8.split(whereSeparator: { !(0x30...0x39).contains($0) }) {
                    add(Int(String(decoding: digits.prefix(9), as: UTF8.self)) ?? 0)
                }
            case .array(let items): elements = min(elements + items.count, 1 << 20)
            case .missing, .null, .bool, .double, .number, .map, .object: break
            }
        }
        return texts * elements + numbers
    }

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
