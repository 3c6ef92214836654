package import Model

/// What a container keeps from its creation to its removal, and what a run needs made ready: an image, volumes, addresses. The
/// engine knows no more of it than this. Each holding is one service; no holding knows another.
package protocol Holding: Sendable {
    /// Resolves what the specification names and keeps it for the container: from here on nobody removes it. The claim is atomic
    /// in the holding, so that a removal comes before it or is refused. Throws what Docker says of a name that is not there.
    func claim(_ creation: inout Creation) async throws(EngineError)

    /// What a run needs of it. Called off the loop, where it may block: it mounts, makes and looks up.
    func ready(_ spec: ContainerSpec, for id: ContainerID) throws(EngineError) -> LaunchShare

    /// The container is gone, or its creation failed.
    func release(_ id: ContainerID)

    /// After recovery: these containers exist and no others. Nothing leaks over a death, and nothing that lives is forgotten.
    func reconcile(_ known: [ContainerID: ContainerSpec])
}

/// A container that is being made.
package struct Creation: Sendable {
    /// Its identity, which is new.
    package let id: ContainerID
    /// What was asked for; each holding fills in what it resolved.
    package var spec: ContainerSpec
    /// What its image has to be for, such as `linux/amd64`; `nil` for anything.
    package let platform: String?

    package init(id: ContainerID, spec: ContainerSpec, platform: String?) {
        self.id = id
        self.spec = spec
        self.platform = platform
    }
}

/// What a holding gives to a run.
package struct LaunchShare: Sendable {
    /// The directories of the image's layers, top one first; empty without an image.
    package var layers: [String] = []
    /// What the user has to know.
    package var warnings: [String] = []

    package init() {}

    /// Takes up another's.
    package mutating func add(_ other: LaunchShare) {
        layers += other.layers
        warnings += other.warnings
    }
}
