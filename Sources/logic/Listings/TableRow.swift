public import GoTemplate
public import Model

/// A row of a listing: columns by name, and labels.
public struct TableRow: TemplateObject {
    /// Go's name of the type.
    public let typeName: String
    /// The columns, in the order of their names.
    public let fields: [(name: String, value: TemplateValue)]
    /// What `.Label "key"` answers; nil where rows have no labels.
    private let labels: TextMap?
    /// docker's rows encode themselves with Go's default, which escapes.
    public var escapesHTMLInJSON: Bool { true }

    /// Makes a row; its columns are kept in the order of their names, as docker's JSON shows them.
    public init(typeName: String, columns: [String: TemplateValue], labels: TextMap? = nil) {
        self.typeName = typeName
        fields = columns.sorted { GoText.less($0.key, $1.key) }.map { ($0.key, $0.value) }
        self.labels = labels
    }

    /// The value of a label; empty when the row has no such label.
    public func call(_ method: String, _ argument: String) -> TemplateValue? {
        guard method == "Label", let labels else { return nil }
        return .string(labels[argument] ?? "")
    }
}
