/// What `--format` asks for: a table, one JSON object per line, or a template of the user's own.
public struct TableFormat: Sendable {
    /// The format as given.
    public let source: String

    /// Takes a format.
    public init(_ source: String) { self.source = source }

    /// Whether headings and lined-up columns are wanted.
    public var isTable: Bool { source.hasPrefix("table") }

    /// The template in it, with the two escapes docker knows.
    public var template: String {
        var text = source
        if isTable {
            text = String(text.dropFirst("table".count))
        } else if text == "json" {
            text = "{{json .}}"
        }
        var bytes = Array(text.utf8)[...]
        while bytes.first == 32 { bytes.removeFirst() }
        while bytes.last == 32 { bytes.removeLast() }
        return GoText.replacing(
            GoText.replacing(GoText.string(bytes), "\\t", with: "\t"), "\\n", with: "\n")
    }

    /// Writes rows.
    ///
    /// - Parameters:
    ///   - rows: what the template sees, one after the other.
    ///   - headings: the heading of each placeholder.
    /// - Returns: the whole output; nothing at all is written when a row fails.
    /// - Throws: `TemplateError`, to be shown after `template parsing error: `.
    public func text(
        of rows: [any TemplateObject], headings: TableHeadings
    ) throws(TemplateError) -> String {
        let parsed = try Template(template)
        var body = ""
        for row in rows { body += try parsed.render(.object(row)) + "\n" }
        guard isTable else { return body }
        var writer = TabWriter(minimumWidth: 10, padding: 3)
        writer.write(parsed.run(.object(headings), functions: .headings).output + "\n")
        writer.write(body)
        return writer.finish()
    }
}

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

/// A row of a listing: columns by name, and labels.
public struct TableRow: TemplateObject {
    /// Go's name of the type.
    public let typeName: String
    /// The columns, in the order of their names.
    public let fields: [(name: String, value: TemplateValue)]
    /// What `.Label "key"` answers; nil where rows have no labels.
    private let labels: [String: String]?
    /// docker's rows encode themselves with Go's default, which escapes.
    public var escapesHTMLInJSON: Bool { true }

    /// Makes a row; its columns are kept in the order of their names, as docker's JSON shows them.
    public init(typeName: String, columns: [String: TemplateValue], labels: [String: String]? = nil) {
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
