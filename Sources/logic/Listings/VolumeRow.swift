internal import GoTemplate
public import JSONFormat

/// A volume as `volume ls --format` and `system df -v` see it.
public enum VolumeRow {
    /// Headings of the columns.
    public static let headings = TableHeadings([
        "Name": "VOLUME NAME", "Driver": "DRIVER", "Scope": "SCOPE", "Mountpoint": "MOUNTPOINT", "Labels": "LABELS",
        "Links": "LINKS", "Size": "SIZE", "Group": "GROUP", "Availability": "AVAILABILITY", "Status": "STATUS",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String, quiet: Bool) -> TableFormat {
        switch source {
        case "", "table": TableFormat(quiet ? "{{.Name}}" : "table {{.Driver}}\t{{.Name}}")
        case "raw": TableFormat(quiet ? "name: {{.Name}}" : "name: {{.Name}}\ndriver: {{.Driver}}\n")
        default: TableFormat(source)
        }
    }

    /// One element of `Volumes` in the answer to `GET /volumes`.
    public static func row(_ volume: JSON) -> TableRow {
        let labels = LabelColumn(volume["Labels"])
        let usage = volume["UsageData"]
        func text(_ name: String) -> TemplateValue { .string(volume[name]?.string ?? "") }
        return TableRow(
            typeName: "*formatter.volumeContext",
            columns: [
                "Name": text("Name"), "Driver": text("Driver"), "Scope": text("Scope"),
                "Mountpoint": text("Mountpoint"),
                "Labels": .string(labels.text),
                "Links": .string(usage?["RefCount"]?.integer.map { String($0) } ?? "N/A"),
                "Size": .string(usage?["Size"]?.double.map { HumanUnits.size($0) } ?? "N/A"),
                // Members of volumes in a swarm.
                "Group": .string("N/A"), "Availability": .string("N/A"), "Status": .string("N/A"),
            ], labels: labels.values)
    }
}
