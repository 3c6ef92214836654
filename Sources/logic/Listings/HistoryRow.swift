public import JSONFormat

/// A layer of an image as `history --format` sees it.
public enum HistoryRow {
    /// Headings of the columns.
    public static let headings = TableHeadings([
        "ID": "IMAGE", "CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "CreatedBy": "CREATED BY",
        "Size": "SIZE", "Comment": "COMMENT",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String, quiet: Bool, human: Bool) -> TableFormat {
        guard source == "table" else { return TableFormat(source) }
        if quiet { return TableFormat("{{.ID}}") }
        let created = human ? "{{.CreatedSince}}" : "{{.CreatedAt}}"
        return TableFormat("table {{.ID}}\t\(created)\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}")
    }

    /// One element of the answer to `GET /images/NAME/history`.
    public static func row(_ layer: JSON, human: Bool, in context: ListingContext) -> TableRow {
        let created = layer["Created"]?.integer ?? 0
        let size = layer["Size"]?.double ?? 0
        let createdAt = CivilTime(seconds: created, zone: context.zone(created)).rfc3339
        // Images built to be reproducible carry a date before the year 2000, which says nothing.
        let since = !human ? createdAt : created <= 946_684_800 ? "N/A" : context.ago(created)
        let command = String((layer["CreatedBy"]?.string ?? "").map { $0 == "\t" ? " " : $0 })
        return TableRow(
            typeName: "*image.historyContext",
            columns: [
                "ID": .string(context.id(layer["Id"]?.string ?? "")), "CreatedSince": .string(since),
                "CreatedAt": .string(createdAt),
                "CreatedBy": .string(context.truncates ? DisplayWidth.truncated(command, to: 45) : command),
                "Size": .string(human ? HumanUnits.size(size, precision: 3) : String(Int64(size))),
                "Comment": .string(layer["Comment"]?.string ?? ""),
            ])
    }
}
