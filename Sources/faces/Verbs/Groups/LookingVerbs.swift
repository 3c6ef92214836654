import ArgumentParser

extension Sereno {
    /// The verbs that show or clear away objects, and the groups that repeat all verbs by object.
    static let looking: [any ParsableCommand.Type] = [
        PS.self, ListImages.self, Inspect.self, Version.self, Info.self, Top.self, Port.self, Diff.self, Stats.self,
        Events.self, History.self, TagImage.self, RemoveImage.self, ContainerGroup.self, ImageGroup.self,
        NetworkGroup.self, VolumeGroup.self, ContextGroup.self, SystemGroup.self,
    ]
}
