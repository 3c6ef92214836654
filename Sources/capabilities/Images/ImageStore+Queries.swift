internal import Linux
public import Model

/// Everything about one image, for inspect and for creating containers.
public struct ImageDetails: Hashable, Sendable {
    /// The identity.
    public var id: ImageID
    /// Names as people write them, sorted.
    public var references: [String] = []
    /// What import or commit said.
    public var comment = ""
    /// RFC 3339 as the image says it; empty when it does not.
    public var created = ""
    /// Who made it, as it says.
    public var author = ""
    /// What made it, as it says.
    public var dockerVersion = ""
    /// Go's name, `amd64`.
    public var architecture = ""
    /// Of the architecture, `v8`.
    public var variant = ""
    /// `linux`.
    public var os = ""
    /// Bytes of the regular files of all layers.
    public var size: Int64 = 0
    /// Diff IDs, bottom one first.
    public var layers: [LayerID] = []
    /// How its containers run.
    public var config = ImageConfig()
    /// When it was last given a name, or `nil`.
    public var lastTagged: WallTime?
    /// `diff` directories, top one first.
    public var layerPaths: [String] = []
    /// Directory of the top layer; empty without layers.
    public var layerDirectory = ""

    /// An image of which nothing else is known.
    public init(id: ImageID) { self.id = id }
}

/// One line of a list of images.
public struct ImageSummary: Hashable, Sendable {
    /// The identity.
    public var id: ImageID
    /// Names as people write them, sorted; empty for a dangling one.
    public var references: [String]
    /// When it was made, as it says; 1970 when it does not.
    public var created: WallTime
    /// Bytes of regular files and link targets.
    public var size: Int64
    /// Key and value.
    public var labels: TextMap
}

/// One step of an image's history.
public struct ImageHistoryEntry: Hashable, Sendable {
    /// The image's identity for the newest step, `<missing>` for the others.
    public var id: String
    /// When it was made, as it says; 1970 when it does not.
    public var created: WallTime
    /// The instruction.
    public var createdBy: String
    /// Names as people write them.
    public var references: [String]
    /// Bytes of regular files and link targets.
    public var size: Int64
    /// What import or commit said.
    public var comment: String
}

/// Which images a list or a prune takes. Every field that is set must accept the image.
public struct ImageFilter: Hashable, Sendable {
    /// With (`false`) or without (`true`) a name.
    public var dangling: Bool?
    /// `KEY` or `KEY=VALUE`; all must be there.
    public var labels: [String] = []
    /// `KEY` or `KEY=VALUE`; none may be there.
    public var excludedLabels: [String] = []
    /// Shell patterns over familiar names; one must match.
    public var references: [String] = []
    /// Created before this image.
    public var before: String?
    /// Created after this image.
    public var since: String?
    /// Created before this time.
    public var until: WallTime?

    /// Accepts everything.
    public init() {}

    func acceptsLabelsAndTime(_ image: StoredImage) -> Bool {
        let own = image.document.config?.labels ?? [:]
        func has(_ wanted: String) -> Bool {
            let (name, value) = wanted.cut(at: "=")
            guard let found = own[String(name)] else { return false }
            return value.map { found.isSame(bytes: $0) } ?? true
        }
        guard labels.allSatisfy(has), !excludedLabels.contains(where: has) else { return false }
        if let until, image.created >= until { return false }
        return true
    }

    func matches(_ reference: ImageReference) -> Bool {
        references.isEmpty
            || references.contains { pattern in
                PathPattern.matches(pattern, reference.familiar)
                    || PathPattern.matches(pattern, reference.familiarName)
            }
    }
}

extension StoredImage {
    var created: WallTime { document.created.flatMap { WallTime(rfc3339: $0) } ?? WallTime(nanoseconds: 0) }
}

extension ImageStore {
    /// The images that `filter` accepts, newest first.
    ///
    /// Errors: `noSuchImage` when `before` or `since` name none.
    public func list(_ filter: ImageFilter = .init()) throws(ImageError) -> [ImageSummary] {
        try locked { (state) throws(ImageError) in
            var before: WallTime?
            var since: WallTime?
            if let typed = filter.before { before = try state.image(try state.resolve(typed)).created }
            if let typed = filter.since { since = try state.image(try state.resolve(typed)).created }
            var found: [ImageSummary] = []
            for image in state.images.values where filter.acceptsLabelsAndTime(image) {
                if let before, image.created >= before { continue }
                if let since, image.created <= since { continue }
                let all = state.names.references(to: image.id)
                if let dangling = filter.dangling, dangling != all.isEmpty { continue }
                let names = all.filter(filter.matches)
                if names.isEmpty, !filter.references.isEmpty { continue }
                found.append(
                    ImageSummary(
                        id: image.id, references: names.map(\.familiar), created: image.created, size: image.size,
                        labels: image.document.config?.labels ?? [:]))
            }
            return found.sorted { ($1.created, $0.id) < ($0.created, $1.id) }
        }
    }

    /// Everything about the image behind what a user typed.
    public func inspect(_ typed: String) throws(ImageError) -> ImageDetails {
        let details = try locked { (state) throws(ImageError) in
            let image = try state.image(try state.resolve(typed))
            let document = image.document
            var details = ImageDetails(id: image.id)
            details.references = state.names.references(to: image.id).map(\.familiar)
            details.comment = document.comment ?? ""
            details.created = document.created ?? ""
            details.author = document.author ?? ""
            details.dockerVersion = document.dockerVersion ?? ""
            details.architecture = document.architecture ?? ""
            details.variant = document.variant ?? ""
            details.os = document.os ?? ""
            details.size = image.size
            details.layers = document.layers
            details.config = document.config ?? ImageConfig()
            details.lastTagged = state.names.lastTagged[image.id.hex]
            return details
        }
        var whole = details
        let store = LayerStore(root: root)
        whole.layerPaths = store.lowerDirectories(of: details.layers)
        whole.layerDirectory = details.layers.last.map(store.directory) ?? ""
        return whole
    }

    /// The steps that made an image, newest first, as far as it tells them.
    public func history(_ typed: String) throws(ImageError) -> [ImageHistoryEntry] {
        try locked { (state) throws(ImageError) in
            let image = try state.image(try state.resolve(typed))
            let store = LayerStore(root: state.root)
            var layers = image.document.layers[...]
            var steps: [ImageHistoryEntry] = []
            for record in image.document.history ?? [] {
                let size = record.emptyLayer == true ? 0 : layers.popFirst().map { store.size(of: [$0]) } ?? 0
                steps.append(
                    ImageHistoryEntry(
                        id: "<missing>",
                        created: record.created.flatMap { WallTime(rfc3339: $0) } ?? WallTime(nanoseconds: 0),
                        createdBy: record.createdBy ?? "", references: [], size: size, comment: record.comment ?? ""))
            }
            steps.reverse()
            if !steps.isEmpty {
                steps[0].id = image.id.description
                steps[0].references = state.names.references(to: image.id).map(\.familiar)
            }
            return steps
        }
    }
}
