internal import GoTemplate
public import JSONFormat

/// What a container uses, as `stats --format` sees it.
public enum StatsRow {
    /// Headings of the columns.
    public static let headings = TableHeadings([
        "Container": "CONTAINER", "Name": "NAME", "ID": "CONTAINER ID", "CPUPerc": "CPU %",
        "MemUsage": "MEM USAGE / LIMIT", "MemPerc": "MEM %", "NetIO": "NET I/O", "BlockIO": "BLOCK I/O", "PIDs": "PIDS",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String) -> TableFormat {
        guard source.isEmpty || source == "table" else { return TableFormat(source) }
        let columns = [
            "{{.ID}}", "{{.Name}}", "{{.CPUPerc}}", "{{.MemUsage}}", "{{.MemPerc}}", "{{.NetIO}}", "{{.BlockIO}}",
            "{{.PIDs}}",
        ]
        return TableFormat("table " + columns.joined(separator: "\t"))
    }

    /// One answer to `GET /containers/NAME/stats`; nil for a container that gave none.
    ///
    /// - Parameter asked: the name or id by which the container was asked for.
    public static func row(_ stats: JSON?, asked: String, truncates: Bool) -> TableRow {
        guard let stats, stats != .null else { return row(asked, "", "", Array(repeating: "--", count: 6)) }
        let memory = stats["memory_stats"]
        let usage = memory?["usage"]?.double ?? 0
        let used = usage - inactive(memory, usage)
        let limit = memory?["limit"]?.double ?? 0
        var received = 0.0
        var sent = 0.0
        for network in stats["networks"]?.members ?? [] {
            received += network.value["rx_bytes"]?.double ?? 0
            sent += network.value["tx_bytes"]?.double ?? 0
        }
        let (read, written) = blockTransfers(stats)
        let cells = [
            percent(cpu(stats)), HumanUnits.binarySize(used) + " / " + HumanUnits.binarySize(limit),
            percent(limit == 0 ? 0 : used / limit * 100), pair(received, sent), pair(read, written),
            String(stats["pids_stats"]?["current"]?.integer ?? 0),
        ]
        let id = stats["id"]?.string ?? ""
        return row(asked, stats["name"]?.string ?? "", truncates ? ListingContext.short(id) : id, cells)
    }

    private static func row(_ asked: String, _ name: String, _ id: String, _ cells: [String]) -> TableRow {
        TableRow(
            typeName: "*container.statsContext",
            columns: [
                "Container": .string(asked), "Name": .string(name.count > 1 ? String(name.dropFirst()) : "--"),
                "ID": .string(id), "CPUPerc": .string(cells[0]),
                "MemUsage": .string(cells[1] == "--" ? "-- / --" : cells[1]), "MemPerc": .string(cells[2]),
                "NetIO": .string(cells[3]), "BlockIO": .string(cells[4]), "PIDs": .string(cells[5]),
            ])
    }

    private static func percent(_ value: Double) -> String { GoFloat.fixed(value, precision: 2) + "%" }

    private static func pair(_ first: Double, _ second: Double) -> String {
        HumanUnits.size(first, precision: 3) + " / " + HumanUnits.size(second, precision: 3)
    }

    /// Pages of files that nobody uses at present do not count as used.
    private static func inactive(_ memory: JSON?, _ usage: Double) -> Double {
        for key in ["total_inactive_file", "inactive_file"] {
            if let value = memory?["stats"]?[key]?.double, value < usage { return value }
        }
        return 0
    }

    private static func cpu(_ stats: JSON) -> Double {
        let now = stats["cpu_stats"]
        let before = stats["precpu_stats"]
        func delta(_ value: (JSON?) -> Double?) -> Double { (value(now) ?? 0) - (value(before) ?? 0) }
        let own = delta { $0?["cpu_usage"]?["total_usage"]?.double }
        let system = delta { $0?["system_cpu_usage"]?.double }
        var cpus = now?["online_cpus"]?.double ?? 0
        if cpus == 0 { cpus = Double(now?["cpu_usage"]?["percpu_usage"]?.elements.count ?? 0) }
        return system > 0 && own > 0 ? own / system * cpus * 100 : 0
    }

    private static func blockTransfers(_ stats: JSON) -> (read: Double, written: Double) {
        var read = 0.0
        var written = 0.0
        for entry in stats["blkio_stats"]?["io_service_bytes_recursive"]?.elements ?? [] {
            let value = entry["value"]?.double ?? 0
            switch entry["op"]?.string?.first {
            case "r", "R": read += value
            case "w", "W": written += value
            default: continue
            }
        }
        return (read, written)
    }
}
