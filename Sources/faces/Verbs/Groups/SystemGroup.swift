import ArgumentParser

/// `sereno system`: the verbs about the engine as a whole.
struct SystemGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "system", abstract: "Manage the engine",
        subcommands: [SystemUsage.self, Events.self, Info.self, SystemPrune.self])
}
