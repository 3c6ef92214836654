public import GoTemplate

/// The headings of a table, as a template sees them: a map whose `Label` method makes a heading of a label's key.
public struct TableHeadings: TemplateObject {
    private let headings: [String: String]

    /// Makes the headings of their placeholders.
    public init(_ headings: [String: String]) { self.headings = headings }

    /// Go's name of the type.
    public var typeName: String { "formatter.SubHeaderContext" }

    /// Every heading, in the order of the placeholders.
    public var fields: [(name: String, value: TemplateValue)] {
        headings.sorted { GoText.less($0.key, $1.key) }.map { ($0.key, .string($0.value)) }
    }

    /// The heading of a placeholder.
    public func field(_ name: String) -> TemplateValue? {
        headings[name].map { .string($0) } ?? .missing
    }

    /// The heading of a label: the last part of its key.
    public func call(_ method: String, _ argument: String) -> TemplateValue? {
        guard method == "Label" else { return nil }
        let last = GoText.split(argument, ".").last ?? ""
        return .string(String(last.map { $0 == "-" || $0 == "_" ? " " : $0 }))
    }
}
