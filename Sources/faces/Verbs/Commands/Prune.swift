import APIClient
import ArgumentParser
import Flags

/// `sereno container prune`: removes stopped containers.
struct ContainerPrune: Verb {
    static let configuration = CommandConfiguration(
        verb: "prune", abstract: "Remove all stopped containers")
    static let flags = FlagTable(switches: "f/force", values: "filter", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Option(help: "Provide filter values (e.g. \"until=<timestamp>\").")
    var filter: [String] = []

    @Flag(name: .shortAndLong, help: "Do not prompt for confirmation.")
    var force = false

    func perform(in session: Session) throws -> Int32 {
        let warning = """
            WARNING! This will remove all stopped containers.
            Are you sure you want to continue?
            """
        guard force || Confirmation.ask(warning) else { return 0 }
        try Pruning.show([.containers], filter, in: session)
        return 0
    }
}

/// `sereno image prune`: removes unused images.
struct ImagePrune: Verb {
    static let configuration = CommandConfiguration(verb: "prune", abstract: "Remove unused images")
    static let flags = FlagTable(switches: "a/all f/force", values: "filter", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Flag(name: .shortAndLong, help: "Remove all unused images, not just dangling ones.")
    var all = false

    @Option(help: "Provide filter values (e.g. \"until=<timestamp>\").")
    var filter: [String] = []

    @Flag(name: .shortAndLong, help: "Do not prompt for confirmation.")
    var force = false

    func perform(in session: Session) throws -> Int32 {
        let what = all ? "all images without at least one container associated to them" : "all dangling images"
        let warning = "WARNING! This will remove \(what).\nAre you sure you want to continue?"
        guard force || Confirmation.ask(warning) else { return 0 }
        try Pruning.show([.images(all: all)], filter, in: session)
        return 0
    }
}

/// `sereno system prune`: removes all that is unused.
struct SystemPrune: Verb {
    static let configuration = CommandConfiguration(verb: "prune", abstract: "Remove unused data")
    static let flags = FlagTable(switches: "a/all f/force volumes", values: "filter", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Flag(name: .shortAndLong, help: "Remove all unused images not just dangling ones.")
    var all = false

    @Option(help: "Provide filter values (e.g. \"label=<key>=<value>\").")
    var filter: [String] = []

    @Flag(name: .shortAndLong, help: "Do not prompt for confirmation.")
    var force = false

    @Flag(help: "Prune anonymous volumes.")
    var volumes = false

    func perform(in session: Session) throws -> Int32 {
        if volumes, FilterOption.pairs(filter).contains(where: { $0.name == "until" }) {
            throw ExitFailure("ERROR: The \"until\" filter is not supported with \"--volumes\"")
        }
        guard force || Confirmation.ask(warning) else { return 0 }
        let kinds: [Pruning] =
            [.containers, .networks] + (volumes ? [.volumes(all: false)] : []) + [.images(all: all), .builds(all: all)]
        try Pruning.show(kinds, filter, in: session)
        return 0
    }

    private var warning: String {
        var lines = ["all stopped containers", "all networks not used by at least one container"]
        if volumes { lines.append("all anonymous volumes not used by at least one container") }
        lines.append(all ? "all images without at least one container associated to them" : "all dangling images")
        lines.append(all ? "all build cache" : "unused build cache")
        let shown = ["label", "label!", "until"]
        let filters = FilterOption.pairs(filter).filter { shown.contains($0.name) }.map { "\($0.name)=\($0.value)" }
        var text = "WARNING! This will remove:" + lines.map { "\n  - \($0)" }.joined() + "\n"
        if !filters.isEmpty {
            text += "\n  Items to be pruned will be filtered with:"
            text += filters.sorted(by: NaturalOrder.precedes).map { "\n  - \($0)" }.joined() + "\n"
        }
        return text + "\nAre you sure you want to continue?"
    }
}
