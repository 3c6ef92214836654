internal import Model

/// A container that uses an image.
public struct ImageUse: Hashable, Sendable {
    /// The image.
    public var image: ImageID
    /// The container's full identity.
    public var container: String
    /// Whether it runs now.
    public var isRunning: Bool

    /// One use.
    public init(image: ImageID, container: String, isRunning: Bool) {
        self.image = image
        self.container = container
        self.isRunning = isRunning
    }
}

/// One line of what `rmi` and `prune` did.
public enum RemovedImage: Hashable, Sendable {
    /// A name is gone: as people write it, and the image it was of.
    case untagged(String, ImageID)
    /// An image is gone.
    case deleted(ImageID)
    /// A layer is gone: its chain ID.
    case deletedLayer(String)
}

/// What a prune did.
public struct ImagePruneResult: Hashable, Sendable {
    /// In order.
    public var removed: [RemovedImage] = []
    /// Bytes of the regular files of the layers that are gone.
    public var reclaimed: Int64 = 0
}

extension ImageStore {
    /// Removes a name, and the image with its last name, by moby's rules (daemon/images/image_delete.go).
    ///
    /// `uses` are the containers that exist; those that have claimed an image since count too. Errors: `noSuchImage`, `conflict`. `prune` is accepted for the API: images
    /// have no parents here.
    public func remove(
        _ typed: String, force: Bool, prune: Bool = true, uses: [ImageUse]
    ) throws(ImageError) -> [RemovedImage] {
        try removing { (state) throws(ImageError) in
            let id = try state.resolve(typed)
            var removed: [RemovedImage] = []
            let own = self.uses(uses).filter { $0.image == id }
            let references = state.names.references(to: id)
            var untagged = false
            if Self.isPrefix(typed, of: id) {
                if references.count <= 1 {
                    try state.checkConflict(id, own, force: force, activeReference: false)
                    try state.untag(references, of: id, &removed)
                }
            } else {
                if !force, references.count <= 1, let use = own.first {
                    throw .conflict(.lastReference(typed: typed, container: use.container, image: id))
                }
                let reference = try ImageReference.typed(typed)
                try state.untag([reference.withDefaultTag], of: id, &removed)
                if !state.names.references(to: id).isEmpty { return removed }
                untagged = true
            }
            do throws(ImageError) {
                try state.checkConflict(id, own, force: force, activeReference: true)
            } catch {
                if untagged, case .conflict = error { return removed }
                throw error
            }
            try state.delete(id, &removed)
            return removed
        }
    }

    /// Runs `body` with the state, and removes the files of the layers that it took away when others have the state again: a start
    /// does not wait for them.
    private func removing<Result: Sendable>(
        _ body: (inout ImageState) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        let outcome = Swift.Result { () throws(ImageError) in try locked(body) }
        let trash = try locked { (state) throws(ImageError) in
            defer { state.trash = [] }
            return state.trash
        }
        for path in trash { try StoreFile.removeTree(path) }
        return try outcome.get()
    }

    private static func isPrefix(_ typed: String, of id: ImageID) -> Bool {
        id.description.hasPrefix(bytes: typed) || id.hex.hasPrefix(bytes: typed)
    }

    /// Removes images without name (or, with `all`, every one) that no container uses and that `filter` accepts.
    public func prune(
        all: Bool, filter: ImageFilter = .init(), uses: [ImageUse]
    ) throws(ImageError) -> ImagePruneResult {
        return try removing { (state) throws(ImageError) in
            let used = Set(self.uses(uses).map(\.image))
            var result = ImagePruneResult()
            let before = state.layerBytes
            for id in state.images.keys.sorted() where !used.contains(id) {
                let references = state.names.references(to: id)
                guard all || references.isEmpty, let image = state.images[id], filter.acceptsLabelsAndTime(image) else {
                    continue
                }
                try state.untag(references, of: id, &result.removed)
                try state.delete(id, &result.removed)
            }
            result.reclaimed = before.saturatingSubtracting(state.layerBytes)
            return result
        }
    }
}

extension ImageState {
    var layerBytes: Int64 {
        LayerStore(root: root).size(of: Array(Set(images.values.flatMap(\.document.layers))))
    }

    func checkConflict(
        _ id: ImageID, _ uses: [ImageUse], force: Bool, activeReference: Bool
    ) throws(ImageError) {
        if let use = uses.first(where: \.isRunning) {
            throw .conflict(.runningContainer(image: id, container: use.container))
        }
        if force { return }
        if activeReference, !names.references(to: id).isEmpty { throw .conflict(.severalReferences(image: id)) }
        if let use = uses.first(where: { !$0.isRunning }) {
            throw .conflict(.stoppedContainer(image: id, container: use.container))
        }
    }

    mutating func untag(
        _ references: [ImageReference], of id: ImageID, _ removed: inout [RemovedImage]
    ) throws(ImageError) {
        var names = names
        for reference in references {
            names.identities[reference.description] = nil
            removed.append(.untagged(reference.familiar, id))
        }
        try replaceNames(names)
    }

    /// Removes an image that has no conflict: its names, then its configuration, then the layers only it had. A crash
    /// after any of them leaves what the next open removes.
    mutating func delete(_ id: ImageID, _ removed: inout [RemovedImage]) throws(ImageError) {
        let image = try image(id)
        try untag(names.references(to: id), of: id, &removed)
        var names = names
        names.lastTagged[id.hex] = nil
        try replaceNames(names)
        try StoreFile.removeTree("\(root)/images/sha256/\(id.hex).json")
        try StoreFile.syncDirectory(root + "/images/sha256")
        images[id] = nil
        trash.append(try InitLayer.takeAway(root, of: id))
        removed.append(.deleted(id))
        let kept = referencedLayers
        var chains = ChainIDs.of(image.document.layers)
        for layer in image.document.layers.reversed() {
            let chain = chains.removeLast()
            guard !kept.contains(layer) else { continue }
            trash.append(try LayerStore(root: root).takeAway(layer))
            removed.append(.deletedLayer(chain.description))
        }
    }
}

/// The OCI image specification's chain ID: the identity of a layer on top of those below it.
enum ChainIDs {
    static func of(_ layers: [LayerID]) -> [ContentDigest] {
        var chains: [ContentDigest] = []
        for layer in layers {
            guard let below = chains.last else {
                chains.append(layer)
                continue
            }
            chains.append(ContentDigest(of: Array("\(below) \(layer)".utf8)))
        }
        return chains
    }
}
