import ArgumentParser
import Flags

/// `sereno network prune`: removes networks that no container is in.
struct NetworkPrune: Verb {
    static let configuration = CommandConfiguration(verb: "prune", abstract: "Remove all unused networks")
    static let flags = FlagTable(switches: "f/force", values: "filter", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Option(help: "Provide filter values (e.g. \"until=<timestamp>\").")
    var filter: [String] = []

    @Flag(name: .shortAndLong, help: "Do not prompt for confirmation.")
    var force = false

    func perform(in session: Session) throws -> Int32 {
        let warning = """
            WARNING! This will remove all custom networks not used by at least one container.
            Are you sure you want to continue?
            """
        guard force || Confirmation.ask(warning) else { return 0 }
        try Pruning.show([.networks], filter, sum: false, in: session)
        return 0
    }
}
