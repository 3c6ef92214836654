extension Evaluator {
    /// A variable or a parenthesized pipeline with fields behind it.
    mutating func path(
        _ operand: Operand, _ words: [Operand], _ final: TemplateValue?, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        place = (operand.position, operand.source)
        switch operand {
        case .variable(_, let names):
            let value = variables.last { $0.name == names[0] }?.value ?? .missing
            guard names.count > 1 else {
                try refuseArguments(words, final)
                return value
            }
            return try chain(Array(names.dropFirst()), from: value, isInterface: false, words, final, dot)
        case .chain(_, let base, let names):
            if case .nilWord = base { throw failure("indirection through explicit nil in \(operand.source)") }
            let value = try argument(base, dot)
            return try chain(names, from: value, isInterface: false, words, final, dot)
        case .dot, .nilWord, .bool, .number, .string, .identifier, .field, .pipeline:
            return try argument(operand, dot)
        }
    }

    /// Follows `.A.B.C`; only the last name may take arguments.
    mutating func chain(
        _ names: [String], from start: TemplateValue, isInterface: Bool, _ words: [Operand],
        _ final: TemplateValue?, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        var value = start
        var isInterface = isInterface
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            let holder = value
            value = try field(
                name, of: value, isInterface: isInterface, isLast ? words : [], isLast ? final : nil, dot)
            isInterface = if case .map(let map) = holder { map.holdsInterfaces } else { false }
        }
        return value
    }

    private mutating func field(
        _ name: String, of value: TemplateValue, isInterface: Bool, _ words: [Operand],
        _ final: TemplateValue?, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        let hasArguments = words.count > 1 || final != nil
        switch value {
        case .missing:
            if missingKey == .error { throw failure("nil data; no entry for key \(GoQuote.quote(name))") }
            return .missing
        case .null(.interface): throw failure("nil pointer evaluating interface {}.\(name)")
        case .null(.pointer): throw failure("nil pointer evaluating \(value.typeName).\(name)")
        case .object(let object):
            if hasArguments { return try method(name, of: object, words, final, dot) }
            if let found = object.field(name) { return found }
            if object.call(name, "") != nil { throw failure("wrong number of args for \(name): want 1 got 0") }
        case .map(let map):
            if hasArguments { throw failure("\(name) is not a method but has arguments") }
            if let found = map[name] { return found }
            if missingKey == .error { throw failure("map has no entry for key \(GoQuote.quote(name))") }
            return .missing
        case .null(.map):
            if missingKey == .error { throw failure("map has no entry for key \(GoQuote.quote(name))") }
            return .missing
        case .null(.slice), .bool, .int, .double, .number, .string, .array: break
        }
        throw failure("can't evaluate field \(name) in type \(isInterface ? "interface {}" : value.typeName)")
    }

    private mutating func method(
        _ name: String, of object: any TemplateObject, _ words: [Operand], _ final: TemplateValue?,
        _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        let kept = place
        var arguments: [TemplateValue] = []
        for word in words.dropFirst() { arguments.append(try argument(word, dot)) }
        place = kept
        if let final { arguments.append(final) }
        if let text = arguments.first?.text, arguments.count == 1, let found = object.call(name, text) { return found }
        guard object.field(name) == nil else {
            throw failure("\(name) has arguments but cannot be invoked as function")
        }
        guard object.call(name, "") == nil else {
            guard arguments.count == 1 else {
                throw failure("wrong number of args for \(name): want 1 got \(arguments.count)")
            }
            throw failure("wrong type for value; expected string; got \(arguments[0].typeName)")
        }
        throw failure("can't evaluate field \(name) in type \(object.typeName)")
    }
}
