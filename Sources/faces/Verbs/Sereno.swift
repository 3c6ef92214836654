import ArgumentParser

/// The root of the command. Each verb has its own file.
struct Sereno: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sereno",
        abstract: "Keeps containers running by Docker's restart policies.",
        usage: "sereno [OPTIONS] COMMAND",
        subcommands: verbs)

    /// All verbs, in the order of the help.
    static let verbs: [any ParsableCommand.Type] = running + supervising + looking

    /// The verbs that start, end and remove containers.
    static let running: [any ParsableCommand.Type] = [
        Run.self, Create.self, Start.self, Attach.self, Wait.self, Stop.self, Restart.self, Kill.self, Remove.self,
        Rename.self, Pause.self, Unpause.self, Update.self, Exec.self, Logs.self, Copy.self,
        // Images and archives.
        Import.self, Load.self, Save.self, Export.self, Why.self,
    ]

    /// The verbs about the supervisor and the machine; they are in no group.
    static let supervising: [any ParsableCommand.Type] = [
        Debug.self, Daemon.self, Generate.self, StartConditionVerb.self, Completion.self,
        // For a machine whose first process is sereno's.
        Init.self, PowerOff.self, Reboot.self, Halt.self,
    ]
}
