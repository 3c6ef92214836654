import APIClient
import ArgumentParser
import Flags

/// `sereno volume prune`: removes volumes that no container uses.
struct VolumePrune: Verb {
    static let configuration = CommandConfiguration(verb: "prune", abstract: "Remove unused local volumes")
    static let flags = FlagTable(switches: "a/all f/force", values: "filter", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Flag(name: .shortAndLong, help: "Remove all unused volumes, not just anonymous ones.")
    var all = false

    @Option(help: "Provide filter values (e.g. \"label=<label>\").")
    var filter: [String] = []

    @Flag(name: .shortAndLong, help: "Do not prompt for confirmation.")
    var force = false

    func perform(in session: Session) throws -> Int32 {
        if all, FilterOption.pairs(filter).contains(where: { $0.name == "all" }) {
            throw ExitFailure("conflicting options: cannot specify both --all and --filter all=1")
        }
        // Older engines remove all of them, and know no such filter.
        let removesAll = EngineClient.isOlder(try session.client.version(), than: "1.42")
        let warning = """
            WARNING! This will remove \(all || removesAll ? "all" : "anonymous") local volumes not used by at least one container.
            Are you sure you want to continue?
            """
        guard force || Confirmation.ask(warning) else { return 0 }
        try Pruning.show([.volumes(all: all && !removesAll)], filter, in: session)
        return 0
    }
}
