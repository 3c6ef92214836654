public import GoTemplate

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
