import ArgumentParser

/// `sereno context`: the verbs about the one context, which is the engine's address.
struct ContextGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Manage contexts",
        subcommands: [ContextInspect.self, ContextList.self, ContextShow.self, ContextUse.self])
}
