package import Model

/// A service whose resources a container keeps from its creation to its removal, and which a run needs made ready: an image,
/// volumes, addresses. The engine knows no more of it than this. No holding knows another. Its state lies behind one lock:
/// `ready` is called on several threads, and no call but `claim` is asynchronous.
package protocol Holding: Sendable {
    /// Resolves the names in the specification and claims their objects for the container: none of them is removed from here on.
    /// The claim is atomic in the holding, so that a removal comes before it or is refused. Throws Docker's error for an unknown
    /// name; `release` follows, on every holding.
    func claim(_ creation: inout Creation) async throws(EngineError)

    /// Objects that cannot be used and were left or put aside. Read once, on the loop, inside `recover()` and before `reconcile`.
    var unusable: [UnusableObject] { get }

    /// The share of a launch. Called off the loop, where it may block: it mounts, makes and looks up. Idempotent: what stands is
    /// left, and the share is the same. Called when a start makes the container's ground, when a new engine finds that ground
    /// again, for `debug plan`, and at the release of leftovers. Not called at a restart whose ground stands. Nothing undoes it
    /// before `release`.
    func ready(_ spec: ContainerSpec, for id: ContainerID) throws(EngineError) -> LaunchShare

    /// Releases the claims of a container that is gone, or whose claim was refused or creation failed. The container may be
    /// unknown. Called on the loop, so it must not block: blocking teardown goes to a pool.
    func release(_ id: ContainerID)

    /// Replaces all claims by those of `known`, the containers whose records were read. Called once, on the loop, inside
    /// `recover()`: before the keeper is queried and before any client is served. Nothing leaks over a death, and nothing in use
    /// is forgotten.
    func reconcile(_ known: [ContainerID: ContainerSpec])
}

/// A container during its creation.
package struct Creation: Sendable {
    /// Its new identity.
    package let id: ContainerID
    /// Its specification, as requested; each holding fills in what it resolved.
    package var spec: ContainerSpec
    /// Platform that its image has to fit and the host has to run; `nil` for any.
    package let platform: Platform?

    package init(id: ContainerID, spec: ContainerSpec, platform: Platform?) {
        self.id = id
        self.spec = spec
        self.platform = platform
    }
}

/// Share of a holding in the launch of a run. A new kind of share is a field here, its use in the engine (`layerSource`), and its
/// place in Isolation (`LaunchContext`, `ContainerMounts`).
package struct LaunchShare: Sendable {
    /// Directories of the image's layers, uppermost first; empty without an image.
    package var layers: [String] = []

    package init() {}
}

/// An object that a holding cannot use.
package struct UnusableObject: Sendable, Hashable {
    /// Type of the object, as events name it: `image`.
    package let type: String
    /// What was found, and what became of it.
    package let description: String

    package init(type: String, description: String) {
        self.type = type
        self.description = description
    }
}
