/// The names of a store's images at one moment. To read it is to wait for nobody, not even for a store whose disk is slow.
public struct ImageCatalogue: Sendable {
    let state: ImageState

    /// The identity behind what a user typed, as `ImageStore.resolve` finds it; `nil` when there is none.
    public func identity(of typed: String) -> ImageID? { try? state.resolve(typed) }

    /// The directories below the own layer of a container of an image, top one first; empty when there is no such image. They are
    /// those of `ImageStore.containerLayerPaths` by their long names.
    public func containerDirectories(of id: ImageID) -> [String] {
        guard let layers = state.images[id]?.document.layers else { return [] }
        let store = LayerStore(root: state.root)
        let below = LayerStore.once(layers).map { store.directory(of: $0) + "/diff" }
        return [InitLayer.path(state.root, of: id)] + below
    }
}

extension ImageStore {
    /// The names as they are now, but for a change under way.
    public var catalogue: ImageCatalogue { ImageCatalogue(state: published.withLock { $0 }) }
}
