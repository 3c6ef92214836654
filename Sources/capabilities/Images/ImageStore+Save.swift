public import Linux
internal import Model

/// One file of an archive that the archive program writes from a list.
struct ArchiveMember: Encodable {
    var name: String
    /// What it holds, for small files.
    var text: String?
    /// Path of a zstd-compressed file whose uncompressed bytes it holds.
    var compressed: String?
    /// Bytes it holds.
    var size: Int64
}

extension ImageStore {
    /// Writes images as `docker save` of version 25 and later does: an OCI layout that is also a docker-archive.
    ///
    /// A name saves that name; a repository without tag saves all its tags; an identity saves the image without name.
    public func save(_ typed: [String], to output: BorrowedDescriptor) throws(ImageError) {
        var chosen: [(id: ImageID, references: [ImageReference])] = []
        for text in typed {
            let (id, references) = try selection(text)
            for (id, references) in references.isEmpty ? [(id, [])] : references.map({ ($0.1, [$0.0]) }) {
                if let known = chosen.firstIndex(where: { $0.id == id }) {
                    chosen[known].references += references.filter { !chosen[known].references.contains($0) }
                } else {
                    chosen.append((id, references))
                }
            }
        }
        let pinned = try locked { (state) throws(ImageError) in
            var layers: [LayerID] = []
            for (id, _) in chosen { layers += try state.image(id).document.layers }
            for layer in layers { state.pins[layer, default: 0] += 1 }
            return layers
        }
        defer { unpin(pinned) }
        var writer = SaveList(root: root)
        for (id, references) in chosen { try writer.add(id, references) }
        let staging = try StoreFile.makeTemporaryDirectory(in: root + "/tmp")
        defer { try? StoreFile.removeTree(staging) }
        try StoreFile.replace(staging + "/list.json", with: try JSONText.encode(try writer.finish()))
        _ = try tool.run(
            ["pack-list", "--root", root, "--list", staging + "/list.json"], operation: "save", output: output)
    }

    private func selection(
        _ typed: String
    ) throws(ImageError) -> (ImageID, [(ImageReference, ImageID)]) {
        try locked { (state) throws(ImageError) in
            let reference = try? ImageReference(parsing: typed)
            if let reference, reference.tag == nil, reference.digest == nil {
                let all = state.names.identities.keys.sorted().compactMap { try? ImageReference(parsing: $0) }
                    .filter { $0.name == reference.name }
                    .compactMap { name in state.names.identities[name.description].map { (name, $0) } }
                if let first = all.first { return (first.1, all) }
            }
            let id: ImageID
            do throws(ImageError) {
                id = try state.resolve(typed)
            } catch {
                // moby, image/tarexport/save.go: the words for a name without tag and for one with.
                guard case .noSuchImage = error, let reference else { throw error }
                if reference.tag == nil || reference.familiarName == "sha256" { throw .noSuchImage(typed) }
                throw .noSuchReference(typed)
            }
            if let reference, state.names.identities[reference.withDefaultTag.description] == id {
                return (id, [(reference.withDefaultTag, id)])
            }
            return (id, [])
        }
    }
}

/// Collects the members of a saved archive.
private struct SaveList {
    let root: String
    private var members: [ArchiveMember] = []
    private var written: Set<String> = []
    private var manifest: [Manifest] = []
    private var index: [OCIDescriptor] = []
    private var repositories: [String: [String: String]] = [:]

    private struct Manifest: Encodable {
        var config: String
        var repoTags: [String]?
        var layers: [String]

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case repoTags = "RepoTags"
            case layers = "Layers"
        }
    }

    private struct Version: Encodable { var imageLayoutVersion = "1.0.0" }

    init(root: String) { self.root = root }

    mutating func add(_ id: ImageID, _ references: [ImageReference]) throws(ImageError) {
        let bytes = try StoreFile.read("\(root)/images/sha256/\(id.hex).json")
        let document = try ImageDocument(json: bytes)
        let store = LayerStore(root: root)
        var layers: [OCIDescriptor] = []
        for layer in document.layers {
            guard let record = store.record(of: layer) else {
                throw .system(operation: "open", path: store.directory(of: layer), errno: 2)
            }
            layers.append(
                OCIDescriptor(
                    mediaType: "application/vnd.oci.image.layer.v1.tar", digest: layer, size: record.tarSize))
            put(
                ArchiveMember(
                    name: ImageLayout.blobPath(layer), compressed: store.tarPath(of: layer), size: record.tarSize))
        }
        put(id, bytes)
        let config = OCIDescriptor(
            mediaType: "application/vnd.oci.image.config.v1+json", digest: id, size: Int64(bytes.count))
        let manifestBytes = try JSONText.encode(OCIManifest(config: config, layers: layers))
        let manifestDigest = ContentDigest(of: manifestBytes)
        put(manifestDigest, manifestBytes)
        let descriptor = OCIDescriptor(
            mediaType: "application/vnd.oci.image.manifest.v1+json", digest: manifestDigest,
            size: Int64(manifestBytes.count))
        for reference in references {
            var named = descriptor
            named.annotations = [
                "io.containerd.image.name": reference.description,
                "org.opencontainers.image.ref.name": reference.tag ?? "latest",
            ]
            index.append(named)
            repositories[reference.familiarName, default: [:]][reference.tag ?? "latest"] =
                document.layers.last?.hex ?? ""
        }
        if references.isEmpty { index.append(descriptor) }
        manifest.append(
            Manifest(
                config: ImageLayout.blobPath(id), repoTags: references.isEmpty ? nil : references.map(\.familiar),
                layers: document.layers.map(ImageLayout.blobPath)))
    }

    private mutating func put(_ digest: ContentDigest, _ bytes: [UInt8]) {
        put(
            ArchiveMember(
                name: ImageLayout.blobPath(digest), text: String(decoding: bytes, as: UTF8.self),
                size: Int64(bytes.count)))
    }

    private mutating func put(_ member: ArchiveMember) {
        if written.insert(member.name).inserted { members.append(member) }
    }

    private mutating func put(_ name: String, _ document: some Encodable) throws(ImageError) {
        let bytes = try JSONText.encode(document)
        put(ArchiveMember(name: name, text: String(decoding: bytes, as: UTF8.self), size: Int64(bytes.count)))
    }

    mutating func finish() throws(ImageError) -> [ArchiveMember] {
        try put("oci-layout", Version())
        try put("index.json", OCIIndex(manifests: index))
        try put("manifest.json", manifest)
        if !repositories.isEmpty { try put("repositories", repositories) }
        return members
    }
}
