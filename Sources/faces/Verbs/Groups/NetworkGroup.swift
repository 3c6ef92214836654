import ArgumentParser

/// `sereno network`: the verbs about networks.
struct NetworkGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Manage networks",
        subcommands: [
            NetworkConnect.self, NetworkCreate.self, NetworkDisconnect.self, NetworkInspect.self, NetworkList.self,
            NetworkPrune.self, NetworkRemove.self,
        ])
}
