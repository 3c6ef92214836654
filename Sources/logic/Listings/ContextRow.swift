internal import GoTemplate

/// The one context of the command, as `context ls --format` sees it.
public enum ContextRow {
    /// Its name.
    public static let name = "default"

    /// Headings of the columns.
    public static let headings = TableHeadings([
        "Name": "NAME", "Description": "DESCRIPTION", "DockerEndpoint": "DOCKER ENDPOINT", "Error": "ERROR",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String, quiet: Bool) -> TableFormat {
        if quiet { return TableFormat("{{.Name}}") }
        guard source.isEmpty || source == "table" else { return TableFormat(source) }
        return TableFormat(
            "table {{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}")
    }

    /// The row of the context whose engine is at an address.
    public static func row(endpoint: String) -> TableRow {
        TableRow(
            typeName: "*formatter.clientContextContext",
            columns: [
                "Name": .string(name), "Current": .bool(true),
                "Description": .string("Current DOCKER_HOST based configuration"), "DockerEndpoint": .string(endpoint),
                "Error": .string(""),
            ])
    }
}
