public import Linux
public import Model

extension ImageStore {
    /// Makes an image of one layer from a tar of a root file system, plain or compressed.
    ///
    /// `changes` are the Dockerfile instructions Docker accepts there; `message` is the image's comment; `platform` is this
    /// machine's when it is left out; `isWhole` is asked at the end of `input`, which may have been cut. Errors:
    /// `invalid` for a change that is not accepted, before anything is read; `archive` for a damaged tar.
    public func importTar(
        from input: BorrowedDescriptor, as reference: ImageReference? = nil, changes: [String] = [],
        message: String = "Imported from -", for platform: Platform? = nil, isWhole: () -> Bool = { true }
    ) throws(ImageError) -> ImageID {
        if let reference, reference.digest != nil { throw .invalid("cannot import digest reference") }
        do throws(ImageReference.Invalid) { try reference?.checkAsName() } catch { throw .invalidReference(error) }
        var config = ImageConfig()
        for change in changes { try ImageChange.apply(change, to: &config) }
        let layers = LayerStore(root: root)
        let unpacked = try layers.unpack(input, using: tool)
        guard isWhole() else {
            try? StoreFile.removeTree(unpacked.staging)
            throw .truncated(path: "-")
        }
        let layer = unpacked.record.diffID
        try locked { (state) throws(ImageError) in
            try layers.install(unpacked)
            state.pins[layer, default: 0] += 1
        }
        defer { unpin([layer]) }
        let created = clock().rfc3339Nano
        let document = ImageDocument(
            architecture: platform?.architecture ?? OCIPlatform.machine,
            variant: platform.flatMap { $0.variant.isEmpty ? nil : $0.variant }, os: platform?.os ?? "linux",
            created: created, comment: message, config: config,
            history: [ImageDocument.HistoryRecord(created: created, comment: message)],
            rootfs: ImageDocument.RootFilesystem(type: "layers", diffIDs: [layer]))
        return try commit(try JSONText.encode(document), document, references: reference.map { [$0] } ?? [])
    }
}
