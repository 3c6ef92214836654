extension ImageStore {
    /// Resolves what a user typed, and keeps the image from being removed under the container that is made from it: no removal
    /// comes between the two. The container uses it until `release(_:)`, or until the store is told anew who uses what.
    ///
    /// Errors: `invalidReference`, `noSuchImage`.
    public func claim(_ typed: String, for container: String) throws(ImageError) -> ImageID {
        try locked { (state) throws(ImageError) in
            let id = try state.resolve(typed)
            state.claims[container] = id
            return id
        }
    }

    /// A container that is gone, or was never made, uses no image.
    public func release(_ container: String) {
        state.withLock { _ = $0.claims.removeValue(forKey: container) }
    }

    /// These containers, and no others, use these images.
    public func reconcile(_ uses: [String: ImageID]) {
        state.withLock { $0.claims = uses }
    }

    /// Whether an image is there.
    public func has(_ id: ImageID) -> Bool { state.withLock { $0.images[id] != nil } }
}

extension ImageState {
    /// The uses that a caller knows of, and those of containers that it did not see yet.
    func uses(_ known: [ImageUse]) -> [ImageUse] {
        let seen = Set(known.map(\.container))
        return known
            + claims.filter { !seen.contains($0.key) }.map {
                ImageUse(image: $0.value, container: $0.key, isRunning: false)
            }
    }
}
