internal import FoundationEssentials
public import Linux
public import Model

/// One image that a load brought.
public struct LoadedImage: Hashable, Sendable {
    /// Its identity.
    public let id: ImageID
    /// The names it got, as people write them; empty when the archive gave none.
    public let references: [String]
}

/// A step of a load.
public enum LoadStep: Hashable, Sendable {
    /// A layer is being unpacked.
    case unpacking(LayerID)
    /// A layer was there already.
    case present(LayerID)
}

extension ImageStore {
    /// Loads what `docker save` or an OCI image layout tar holds, compressed or not.
    ///
    /// All of an image is in the store before it gets a name. Errors: `archive` when it is damaged, truncated or not
    /// an image archive; then nothing of the image that failed stays.
    public func load(
        from input: BorrowedDescriptor, progress: (LoadStep) -> Void = { _ in }
    ) throws(ImageError) -> [LoadedImage] {
        let staging = try StoreFile.makeTemporaryDirectory(in: root + "/tmp")
        defer { try? StoreFile.removeTree(staging) }
        _ = try tool.run(["unpack", "--root", staging, "--path", "/", "--plain"], operation: "load", input: input)
        let layout = ImageLayout(root: staging)
        var loaded: [LoadedImage] = []
        for entry in try layout.entries() {
            let bytes = try layout.read(entry.config)
            let document = try ImageDocument(json: bytes)
            guard entry.layers.count == document.layers.count else {
                throw .invalid(
                    "invalid manifest, layers length mismatch: expected \(entry.layers.count), got \(document.layers.count)"
                )
            }
            if let os = document.os, !os.isEmpty, os != "linux" {
                throw .invalid("cannot load \(os) image on linux")
            }
            let references = try entry.references.map { (text) throws(ImageError) -> ImageReference in
                let reference = try ImageReference.typed(text).withDefaultTag
                do throws(ImageReference.Invalid) { try reference.checkAsName() } catch {
                    throw .invalidReference(error)
                }
                return reference
            }
            var source = LayoutLayerSource(layout: layout, paths: entry.layers)
            let id = try install(configuration: bytes, layers: &source, references: references, progress: progress)
            loaded.append(LoadedImage(id: id, references: references.map(\.familiar)))
        }
        return loaded
    }

    /// Adds an image from its configuration's bytes and a source of its layers, and then names it. The one way in for
    /// every image that has a configuration already: `load` today, registries later.
    ///
    /// Errors: `invalid` when a layer is not the one the configuration names.
    public func install(
        configuration bytes: [UInt8], layers source: inout some LayerSource, references: [ImageReference],
        progress: (LoadStep) -> Void = { _ in }
    ) throws(ImageError) -> ImageID {
        let document = try ImageDocument(json: bytes)
        let pinned = document.layers
        try locked { (state) throws(ImageError) in for layer in pinned { state.pins[layer, default: 0] += 1 } }
        defer { unpin(pinned) }
        let layers = LayerStore(root: root)
        for (index, expected) in document.layers.enumerated() {
            if layers.record(of: expected) != nil {
                progress(.present(expected))
                continue
            }
            progress(.unpacking(expected))
            let tool = tool
            try source.withLayer(at: index) { (input) throws(ImageError) in
                let unpacked = try layers.unpack(input, using: tool)
                guard unpacked.record.diffID == expected else {
                    try StoreFile.removeTree(unpacked.staging)
                    throw .invalid(
                        "invalid diffID for layer \(index): expected \"\(expected)\", got \"\(unpacked.record.diffID)\""
                    )
                }
                try self.locked { (_) throws(ImageError) in try layers.install(unpacked) }
            }
        }
        return try commit(bytes, document, references: references)
    }

    /// Writes configuration and names.
    func commit(
        _ bytes: [UInt8], _ document: ImageDocument, references: [ImageReference]
    ) throws(ImageError) -> ImageID {
        let now = clock()
        return try locked { (state) throws(ImageError) in
            let id = try state.add(bytes, document)
            var names = state.names
            for reference in references { names.point(reference.withDefaultTag, to: id, at: now) }
            try state.replaceNames(names)
            return id
        }
    }

    /// Lets go of layers; those that no image has are removed.
    func unpin(_ layers: [LayerID]) {
        try? locked { (state) throws(ImageError) in
            for layer in layers {
                let count = (state.pins[layer] ?? 1) - 1
                state.pins[layer] = count > 0 ? count : nil
            }
            let kept = state.referencedLayers
            for layer in Set(layers).subtracting(kept) { try LayerStore(root: state.root).remove(layer) }
        }
    }
}

/// The layers of an unpacked image archive.
private struct LayoutLayerSource: LayerSource {
    let layout: ImageLayout
    let paths: [String]

    mutating func withLayer(
        at index: Int, _ body: (BorrowedDescriptor) throws(ImageError) -> Void
    ) throws(ImageError) {
        let file = try layout.open(paths[index])
        try body(file.borrowed)
    }
}
