import ArgumentParser

/// `sereno container`: the verbs about containers.
struct ContainerGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "container", abstract: "Manage containers",
        subcommands: [
            ContainerInspect.self, ContainerList.self, ContainerPrune.self, Diff.self, Port.self, Stats.self, Top.self,
        ] + Sereno.running.filter { !ImageGroup.takes($0) })
}
