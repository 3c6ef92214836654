extension ImageStore {
    /// Resolves what a user typed, and keeps the image from being removed under the container that is made from it: no removal
    /// comes between the two. The container uses it until `release(_:)`, or until the store is told anew who uses what.
    ///
    /// Errors: `invalidReference`, `noSuchImage`.
    public func claim(_ typed: String, for container: String) throws(ImageError) -> ImageID {
        try locked { (state) throws(ImageError) in
            let id = try state.resolve(typed)
            claims.withLock { $0[container] = id }
            return id
        }
    }

    /// A container that is gone, or was never made, uses no image. Never waits for the disk.
    public func release(_ container: String) {
        claims.withLock { _ = $0.removeValue(forKey: container) }
    }

    /// These containers, and no others, use these images. Never waits for the disk.
    public func reconcile(_ uses: [String: ImageID]) {
        claims.withLock { $0 = uses }
    }

    /// Whether an image is there, as the last change left it. Never waits for the disk.
    public func has(_ id: ImageID) -> Bool { published.withLock { $0.images[id] != nil } }

    /// The uses that a caller knows of, and those of containers that it did not see yet.
    func uses(_ known: [ImageUse]) -> [ImageUse] {
        let seen = Set(known.map(\.container))
        return known
            + claims.withLock(\.self).filter { !seen.contains($0.key) }.map {
                ImageUse(image: $0.value, container: $0.key, isRunning: false)
            }
    }
}
