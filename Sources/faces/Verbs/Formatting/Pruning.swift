import APIClient
import Flags
import JSONFormat
import Listings
import Streaming

/// A kind of object that can be pruned.
enum Pruning {
    case containers
    case networks
    case volumes(all: Bool)
    case images(all: Bool)
    case builds(all: Bool)

    /// The engine's report: the text of what it removed, and the bytes that it freed.
    struct Report {
        var text = ""
        var reclaimed: Int64 = 0
    }

    /// Requests the prune from the engine and returns its report.
    func run(_ filter: [String], in session: Session) throws -> Report {
        let answer = try session.value(request(filter))
        var report = Report()
        let key: String
        switch self {
        case .containers: (report.text, key) = ("Deleted Containers:\n", "ContainersDeleted")
        case .networks: (report.text, key) = ("Deleted Networks:\n", "NetworksDeleted")
        case .volumes: (report.text, key) = ("Deleted Volumes:\n", "VolumesDeleted")
        case .images: (report.text, key) = ("Deleted Images:\n", "ImagesDeleted")
        case .builds: (report.text, key) = ("Deleted build cache objects:\n", "CachesDeleted")
        }
        let deleted = answer[key]?.elements ?? []
        guard !deleted.isEmpty else { return Report() }
        for item in deleted { report.text += Pruning.line(item) + "\n" }
        report.reclaimed = answer["SpaceReclaimed"]?.integer ?? 0
        return report
    }

    private static func line(_ item: JSON) -> String {
        if let text = item.string { return text }
        if let untagged = item["Untagged"]?.string, !untagged.isEmpty { return "untagged: \(untagged)" }
        return "deleted: \(item["Deleted"]?.string ?? "")"
    }

    private func request(_ filter: [String]) -> Request {
        switch self {
        case .containers: return Request(.post, "/containers/prune", query: FilterOption.query(filter))
        case .networks: return Request(.post, "/networks/prune", query: FilterOption.query(filter))
        case .volumes(let all):
            let more = all ? [(name: "all", value: "true")] : []
            return Request(.post, "/volumes/prune", query: FilterOption.query(filter, adding: more))
        case .images(let all):
            let dangling = [(name: "dangling", value: all ? "false" : "true")]
            return Request(.post, "/images/prune", query: FilterOption.query(filter, adding: dangling))
        case .builds(let all):
            let query = (all ? [(name: "all", value: "1")] : []) + FilterOption.query(filter)
            return Request(.post, "/build/prune", query: query)
        }
    }

    /// Prunes and shows the outcome, for `container prune` and its like; of networks, which take no space, without a sum.
    static func show(_ kinds: [Pruning], _ filter: [String], sum: Bool = true, in session: Session) throws {
        var reclaimed: Int64 = 0
        for kind in kinds {
            let report: Report
            do {
                report = try kind.run(filter, in: session)
            } catch let error as ClientError where kinds.count > 1 && (error.status == 404 || error.status == 501) {
                // An engine without objects of this kind has none to prune.
                continue
            }
            reclaimed += report.reclaimed
            if !report.text.isEmpty { Output.standard.line(report.text) }
        }
        if sum { Output.standard.line("Total reclaimed space: \(HumanUnits.size(Double(reclaimed)))") }
    }
}
