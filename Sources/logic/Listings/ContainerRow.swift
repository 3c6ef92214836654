internal import GoTemplate
public import JSONFormat
internal import Model

/// A container as `ps --format` sees it.
public enum ContainerRow {
    /// Headings of the columns.
    public static let headings = TableHeadings([
        "ID": "CONTAINER ID", "Names": "NAMES", "Image": "IMAGE", "Command": "COMMAND", "CreatedAt": "CREATED AT",
        "RunningFor": "CREATED", "Ports": "PORTS", "State": "STATE", "Status": "STATUS", "Size": "SIZE",
        "Labels": "LABELS", "Mounts": "MOUNTS", "LocalVolumes": "LOCAL VOLUMES", "Networks": "NETWORKS",
        "Platform": "PLATFORM",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String, quiet: Bool, size: Bool) -> TableFormat {
        switch source {
        case "", "table":
            if quiet { return TableFormat("{{.ID}}") }
            let columns = [
                "{{.ID}}", "{{.Image}}", "{{.Command}}", "{{.RunningFor}}", "{{.Status}}", "{{.Ports}}", "{{.Names}}",
            ]
            return TableFormat("table " + (columns + (size ? ["{{.Size}}"] : [])).joined(separator: "\t"))
        case "raw":
            if quiet { return TableFormat("container_id: {{.ID}}") }
            return TableFormat(raw + (size ? "size: {{.Size}}\\n" : ""))
        default: return TableFormat(quiet ? "{{.ID}}" : source)
        }
    }

    private static let raw = """
        container_id: {{.ID}}
        image: {{.Image}}
        command: {{.Command}}
        created_at: {{.CreatedAt}}
        state: {{- pad .State 1 0}}
        status: {{- pad .Status 1 0}}
        names: {{.Names}}
        labels: {{- pad .Labels 1 0}}
        ports: {{- pad .Ports 1 0}}

        """

    /// One element of the answer to `GET /containers/json`.
    public static func row(_ container: JSON, in context: ListingContext) -> TableRow {
        let created = container["Created"]?.integer ?? 0
        let mounts = container["Mounts"]?.elements ?? []
        let labels = LabelColumn(container["Labels"])
        var command = container["Command"]?.string ?? ""
        if context.truncates { command = DisplayWidth.truncated(command, to: 20) }
        let columns: [String: TemplateValue] = [
            "ID": .string(context.id(container["Id"]?.string ?? "")),
            "Names": .string(names(container, context)), "Image": .string(image(container, context)),
            "Command": .string(GoQuote.quote(command)), "CreatedAt": .string(context.text(created)),
            "RunningFor": .string(context.ago(created)),
            "Ports": .string(PublishedPorts.text(container["Ports"]?.elements ?? [])),
            "State": .string(container["State"]?.string ?? ""), "Status": .string(container["Status"]?.string ?? ""),
            "Size": .string(size(container)),
            "Labels": .string(labels.text),
            "Mounts": .string(mounts.map { mount($0, context) }.joined(separator: ",")),
            "LocalVolumes": .string(String(mounts.count { $0["Driver"]?.string == "local" })),
            "Networks": .string(
                (container["NetworkSettings"]?["Networks"]?.members ?? []).map(\.name).joined(separator: ",")),
            "Platform": platform(container),
        ]
        return TableRow(typeName: "*formatter.ContainerContext", columns: columns, labels: labels.values)
    }

    private static func names(_ container: JSON, _ context: ListingContext) -> String {
        let names = (container["Names"]?.elements ?? []).map { String(($0.string ?? "").dropFirst()) }
        if context.truncates, let own = names.first(where: { !$0.contains("/") }) { return own }
        return names.joined(separator: ",")
    }

    private static func image(_ container: JSON, _ context: ListingContext) -> String {
        let image = container["Image"]?.string ?? ""
        if image.isEmpty { return "<no image>" }
        guard context.truncates else { return image }
        let short = ListingContext.short(container["ImageID"]?.string ?? "")
        if short == ListingContext.short(image) { return short }
        guard let reference = try? ImageReference(parsing: image) else { return image }
        return reference.familiarName + (reference.tag.map { ":" + $0 } ?? "")
    }

    private static func size(_ container: JSON) -> String {
        let own = HumanUnits.size(container["SizeRw"]?.double ?? 0, precision: 3)
        let whole = container["SizeRootFs"]?.double ?? 0
        return whole > 0 ? "\(own) (virtual \(HumanUnits.size(whole, precision: 3)))" : own
    }

    private static func mount(_ mount: JSON, _ context: ListingContext) -> String {
        let name = mount["Name"]?.string ?? ""
        let shown = name.isEmpty ? mount["Source"]?.string ?? "" : name
        return context.truncates ? DisplayWidth.truncated(shown, to: 15) : shown
    }

    private static func platform(_ container: JSON) -> TemplateValue {
        guard let platform = container["ImageManifestDescriptor"]?["platform"], case .object = platform else {
            return .null(.pointer)
        }
        return InspectValue.typed(platform, under: "platform")
    }
}
