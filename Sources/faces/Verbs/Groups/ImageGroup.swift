import ArgumentParser

/// `sereno image`: the verbs about images.
struct ImageGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Manage images",
        subcommands: [
            History.self, ImageInspect.self, ImageList.self, ImagePrune.self, ImageRemove.self, TagImage.self,
        ] + Sereno.running.filter(takes))

    /// Whether a verb from the list of verbs about containers is about images.
    static func takes(_ verb: any ParsableCommand.Type) -> Bool {
        ["import", "load", "save"].contains(verb._commandName)
    }
}
