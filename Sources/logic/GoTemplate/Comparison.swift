/// `eq`, `lt` and the others, as Go compares values of basic kinds.
enum Comparison {
    private enum Kind { case bool, int, double, string, other }

    private static func kind(_ value: TemplateValue) -> Kind {
        switch value {
        case .bool: .bool
        case .int: .int
        case .double: .double
        case .string, .number: .string
        case .missing, .null, .array, .map, .object: .other
        }
    }

    private static func isNil(_ value: TemplateValue) -> Bool {
        switch value {
        case .missing, .null: true
        case .bool, .int, .double, .number, .string, .array, .map, .object: false
        }
    }

    private static func isUntypedNil(_ value: TemplateValue) -> Bool {
        switch value {
        case .missing, .null(.interface): true
        default: false
        }
    }

    /// Whether the first value equals any of the others.
    static func equal(_ first: TemplateValue, _ others: [TemplateValue]) throws(Functions.Complaint) -> Bool {
        guard !others.isEmpty else { throw Functions.Complaint(text: "missing argument for comparison") }
        for other in others where try equal(first, other) { return true }
        return false
    }

    private static func equal(_ left: TemplateValue, _ right: TemplateValue) throws(Functions.Complaint) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): return left == right
        case (.int(let left), .int(let right)): return left == right
        case (.double(let left), .double(let right)): return left == right
        default: break
        }
        if let left = left.text, let right = right.text { return left == right }
        guard kind(left) == kind(right) else {
            if isUntypedNil(left) || isUntypedNil(right) { return false }
            throw Functions.Complaint(text: "incompatible types for comparison")
        }
        if isNil(left) || isNil(right) { return isNil(left) == isNil(right) }
        switch left {
        case .array, .map:
            throw Functions.Complaint(text: "non-comparable type \(ValuePrinter.text(of: left)): \(left.typeName)")
        default: return ValuePrinter.text(of: left) == ValuePrinter.text(of: right)
        }
    }

    /// Whether the left value is the smaller; both must be numbers of one kind or strings.
    static func less(_ left: TemplateValue, _ right: TemplateValue) throws(Functions.Complaint) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left < right
        case (.double(let left), .double(let right)): return left < right
        default: break
        }
        if let left = left.text, let right = right.text { return GoText.less(left, right) }
        if kind(left) == .other || kind(right) == .other {
            throw Functions.Complaint(text: "invalid type for comparison")
        }
        guard kind(left) == kind(right) else { throw Functions.Complaint(text: "incompatible types for comparison") }
        throw Functions.Complaint(text: "invalid type for comparison")
    }

    static func lessOrEqual(_ left: TemplateValue, _ right: TemplateValue) throws(Functions.Complaint) -> Bool {
        if try less(left, right) { return true }
        return try equal(left, right)
    }
}
