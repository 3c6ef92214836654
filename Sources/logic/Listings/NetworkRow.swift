internal import GoTemplate
public import JSONFormat

/// A network as `network ls --format` sees it.
public enum NetworkRow {
    /// Headings of the columns.
    public static let headings = TableHeadings([
        "ID": "NETWORK ID", "Name": "NAME", "Driver": "DRIVER", "Scope": "SCOPE", "IPv4": "IPV4", "IPv6": "IPV6",
        "Internal": "INTERNAL", "Labels": "LABELS", "CreatedAt": "CREATED AT",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String, quiet: Bool) -> TableFormat {
        switch source {
        case "", "table":
            if quiet { return TableFormat("{{.ID}}") }
            return TableFormat("table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}")
        case "raw":
            if quiet { return TableFormat("network_id: {{.ID}}") }
            return TableFormat("network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n")
        default: return TableFormat(source)
        }
    }

    /// One element of the answer to `GET /networks`.
    public static func row(_ network: JSON, in context: ListingContext) -> TableRow {
        let labels = LabelColumn(network["Labels"])
        func text(_ name: String) -> TemplateValue { .string(network[name]?.string ?? "") }
        func flag(_ name: String) -> TemplateValue { .string(network[name]?.bool == true ? "true" : "false") }
        return TableRow(
            typeName: "*network.networkContext",
            columns: [
                "ID": .string(context.id(network["Id"]?.string ?? "")), "Name": text("Name"), "Driver": text("Driver"),
                "Scope": text("Scope"), "IPv4": flag("EnableIPv4"), "IPv6": flag("EnableIPv6"),
                "Internal": flag("Internal"), "Labels": .string(labels.text),
                "CreatedAt": .string(CivilTime.text(ofRFC3339: network["Created"]?.string ?? "")),
            ], labels: labels.values)
    }
}
