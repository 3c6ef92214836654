/// The names of a store's images at one moment. To read it is to wait for nobody, not even for a store whose disk is slow.
public struct ImageCatalogue: Sendable {
    let state: ImageState

    /// The identity behind what a user typed, as `ImageStore.resolve` finds it; `nil` when there is none.
    public func identity(of typed: String) -> ImageID? { try? state.resolve(typed) }
}

extension ImageStore {
    /// The names as they are now, but for a change under way.
    public var catalogue: ImageCatalogue { ImageCatalogue(state: published.withLock { $0 }) }
}
