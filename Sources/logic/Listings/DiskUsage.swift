public import GoTemplate
public import JSONFormat

/// The answer to `GET /system/df`, as `system df` shows it.
public struct DiskUsage: Sendable {
    private let answer: JSON

    /// Takes the answer.
    public init(_ answer: JSON) { self.answer = answer }

    /// Headings of the summary.
    public static let headings = TableHeadings([
        "Type": "TYPE", "TotalCount": "TOTAL", "Active": "ACTIVE", "Size": "SIZE", "Reclaimable": "RECLAIMABLE",
    ])

    /// The format of the summary for what the user asked.
    public static func format(_ source: String) -> TableFormat {
        switch source {
        case "", "table":
            TableFormat("table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}")
        case "raw":
            TableFormat(
                "type: {{.Type}}\ntotal: {{.TotalCount}}\nactive: {{.Active}}\nsize: {{.Size}}\n"
                    + "reclaimable: {{.Reclaimable}}\n")
        default: TableFormat(source)
        }
    }

    private var images: [JSON] { answer["Images"]?.elements ?? [] }
    private var containers: [JSON] { answer["Containers"]?.elements ?? [] }
    private var volumes: [JSON] { answer["Volumes"]?.elements ?? [] }
    private var builds: [JSON] { answer["BuildCache"]?.elements ?? [] }

    /// The four rows of the summary.
    public var summary: [TableRow] { [imageSummary, containerSummary, volumeSummary, buildSummary] }

    private func row(
        _ type: String, _ context: String, count: Int, active: Int, size: Int64, reclaimable: Int64,
        percent: Bool = true
    ) -> TableRow {
        var text = HumanUnits.size(Double(reclaimable))
        if percent, size > 0 { text += " (\(Int(min(max(0, Double(reclaimable) / Double(size)), 1e9) * 100))%)" }
        return TableRow(
            typeName: "*formatter.\(context)",
            columns: [
                "Type": .string(type), "TotalCount": .string(String(count)), "Active": .string(String(active)),
                "Size": .string(HumanUnits.size(Double(size))), "Reclaimable": .string(text),
            ])
    }

    private var imageSummary: TableRow {
        let total = answer["LayersSize"]?.integer ?? 0
        var used: Int64 = 0
        for image in images where image["Containers"]?.integer != 0 {
            let size = image["Size"]?.integer ?? 0
            let shared = image["SharedSize"]?.integer ?? 0
            if size != -1, shared != -1 { used += size - shared }
        }
        let active = images.count { ($0["Containers"]?.integer ?? 0) > 0 }
        return row(
            "Images", "diskUsageImagesContext", count: images.count, active: active, size: total,
            reclaimable: total - used)
    }

    private func isActive(_ container: JSON) -> Bool {
        ["running", "paused", "restarting"].contains(container["State"]?.string ?? "")
    }

    private var containerSummary: TableRow {
        let size: (JSON) -> Int64 = { $0["SizeRw"]?.integer ?? 0 }
        return row(
            "Containers", "diskUsageContainersContext", count: containers.count,
            active: containers.count(where: isActive), size: containers.reduce(0) { $0 + size($1) },
            reclaimable: containers.filter { !isActive($0) }.reduce(0) { $0 + size($1) })
    }

    private var volumeSummary: TableRow {
        let size: (JSON) -> Int64 = { max(0, $0["UsageData"]?["Size"]?.integer ?? 0) }
        let users: (JSON) -> Int64 = { $0["UsageData"]?["RefCount"]?.integer ?? 0 }
        return row(
            "Local Volumes", "diskUsageVolumesContext", count: volumes.count,
            active: volumes.count { users($0) > 0 }, size: volumes.reduce(0) { $0 + size($1) },
            reclaimable: volumes.filter { users($0) == 0 }.reduce(0) { $0 + size($1) })
    }

    private var buildSize: Int64 {
        builds.filter { $0["Shared"]?.bool != true }.reduce(0) { $0 + ($1["Size"]?.integer ?? 0) }
    }

    private var buildSummary: TableRow {
        let inUse = builds.filter { $0["InUse"]?.bool == true }
        let used = inUse.filter { $0["Shared"]?.bool != true }.reduce(0) { $0 + ($1["Size"]?.integer ?? 0) }
        return row(
            "Build Cache", "diskUsageBuilderContext", count: builds.count, active: inUse.count, size: buildSize,
            reclaimable: buildSize - used, percent: false)
    }

    /// The tables of `system df -v`.
    ///
    /// - Throws: `TemplateError`; docker's own formats never do.
    public func verbose(in context: ListingContext) throws(TemplateError) -> String {
        let imageColumns =
            "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}"
        var text = "Images space usage:\n\n"
        text += try TableFormat("table " + imageColumns)
            .text(of: images.map { ImageRow.firstRow($0, in: context) }, headings: ImageRow.headings)
        let containerColumns =
            "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}"
        text += "\nContainers space usage:\n\n"
        text += try TableFormat("table " + containerColumns)
            .text(of: containers.map { ownSizeRow($0, context) }, headings: ContainerRow.headings)
        text += "\nLocal Volumes space usage:\n\n"
        text += try TableFormat("table {{.Name}}\t{{.Links}}\t{{.Size}}")
            .text(of: volumes.map(VolumeRow.row), headings: VolumeRow.headings)
        text += "\nBuild cache usage: \(HumanUnits.size(Double(buildSize)))\n\n"
        let buildHeadings = TableHeadings([
            "ID": "CACHE ID", "CacheType": "CACHE TYPE", "Size": "SIZE", "CreatedSince": "CREATED",
            "LastUsedSince": "LAST USED", "UsageCount": "USAGE", "Shared": "SHARED",
        ])
        let buildColumns =
            "{{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}"
        return text + (try TableFormat("table " + buildColumns).text(of: [], headings: buildHeadings))
    }

    private func ownSizeRow(_ container: JSON, _ context: ListingContext) -> TableRow {
        ContainerRow.row(.object(container.members.filter { $0.name != "SizeRootFs" }), in: context)
    }
}
