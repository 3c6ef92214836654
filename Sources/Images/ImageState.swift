internal import FoundationEssentials
internal import Glibc
internal import Model

/// What a store keeps in memory, and the files it mirrors.
struct ImageState: Sendable {
    let root: String
    /// Every image by identity.
    var images: [ImageID: StoredImage] = [:]
    var names = ImageNames()
    /// Layers that work in progress counts on, though no image has them yet.
    var pins: [LayerID: Int] = [:]

    static func open(root: String, setAside: inout [String]) throws(ImageError) -> ImageState {
        for directory in [
            "", "/images", "/images/sha256", "/layers", "/layers/sha256", "/layers/l", "/layers/empty", "/layers/mark",
            "/tmp",
        ] {
            try StoreFile.makeDirectory(root + directory)
        }
        try LayerStore.writeMark(root)
        for name in try StoreFile.names(in: root + "/tmp") { try StoreFile.removeTree(root + "/tmp/" + name) }
        var state = ImageState(root: root)
        try state.readImages(&setAside)
        try state.readNames(&setAside)
        let layers = LayerStore(root: root)
        if setAside.isEmpty { try layers.removeAll(except: state.referencedLayers) }
        return state
    }

    private mutating func readImages(_ setAside: inout [String]) throws(ImageError) {
        let directory = root + "/images/sha256"
        let layers = LayerStore(root: root)
        for name in try StoreFile.names(in: directory) where name.hasSuffix(".json") {
            let path = directory + "/" + name
            let bytes = try StoreFile.read(path)
            let id = ContentDigest(of: bytes)
            guard name == id.hex + ".json", let document = try? ImageDocument(json: bytes) else {
                try Self.putAside(path, why: "not the image its name says", &setAside)
                continue
            }
            guard let missing = document.layers.first(where: { layers.record(of: $0) == nil }) else {
                images[id] = StoredImage(id: id, document: document, size: layers.size(of: document.layers))
                continue
            }
            try Self.putAside(path, why: "layer \(missing) is missing", &setAside)
        }
    }

    private mutating func readNames(_ setAside: inout [String]) throws(ImageError) {
        let path = root + "/repositories.json"
        guard access(path, F_OK) == 0 else { return }
        let bytes = try StoreFile.read(path)
        guard let read = try? JSONDecoder().decode(ImageNames.self, from: Data(bytes)) else {
            try Self.putAside(path, why: "not a list of names", &setAside)
            return
        }
        names = read
        for (name, id) in names.identities where images[id] == nil { names.identities[name] = nil }
    }

    private static func putAside(_ path: String, why: String, _ setAside: inout [String]) throws(ImageError) {
        guard rename(path, path + ".damaged") == 0 else {
            throw .system(operation: "rename", path: path, errno: errno)
        }
        setAside.append("\(path): \(why); kept as \(path).damaged")
    }

    var referencedLayers: Set<LayerID> {
        var layers = Set(pins.keys)
        for image in images.values { layers.formUnion(image.document.layers) }
        return layers
    }

    func image(_ id: ImageID) throws(ImageError) -> StoredImage {
        guard let image = images[id] else { throw .noSuchImage(id.description) }
        return image
    }

    /// moby, daemon/images/image.go: a full identity, then a name, then the first digits of an identity.
    func resolve(_ typed: String) throws(ImageError) -> ImageID {
        if let id = ContentDigest(typed) {
            guard images[id] != nil else { throw .noSuchImage(id.description) }
            return id
        }
        let reference = try ImageReference.typed(typed)
        if let digest = reference.digest, let id = ContentDigest(digest), images[id] != nil,
            names.references(to: id).contains(where: { $0.name == reference.name })
        {
            return id
        }
        if let id = names.identities[reference.withDefaultTag.description], images[id] != nil { return id }
        let digits = typed.hasPrefix("sha256:") ? String(typed.dropFirst(7)) : typed
        if !digits.isEmpty, digits.utf8.allSatisfy(Grammar.isLowerHex) {
            let found = images.keys.filter { $0.hex.hasPrefix(digits) }
            if found.count == 1, let id = found.first { return id }
        }
        throw .noSuchImage(reference.withDefaultTag.familiar)
    }

    /// Makes `names` the store's names, on disk first.
    mutating func replaceNames(_ names: ImageNames) throws(ImageError) {
        guard names != self.names else { return }
        try StoreFile.replace(root + "/repositories.json", with: try JSONText.encode(names))
        self.names = names
    }

    /// Adds an image whose layers are in the store, on disk first.
    mutating func add(_ bytes: [UInt8], _ document: ImageDocument) throws(ImageError) -> ImageID {
        let id = ContentDigest(of: bytes)
        guard images[id] == nil else { return id }
        try StoreFile.replace("\(root)/images/sha256/\(id.hex).json", with: bytes)
        images[id] = StoredImage(id: id, document: document, size: LayerStore(root: root).size(of: document.layers))
        return id
    }
}

/// One image in memory.
struct StoredImage: Sendable {
    let id: ImageID
    let document: ImageDocument
    /// Bytes of the regular files of all layers.
    let size: Int64
}

/// The names of images; what repositories.json holds.
struct ImageNames: Codable, Hashable, Sendable {
    /// By full reference, `docker.io/library/busybox:latest`.
    var identities: [String: ImageID] = [:]
    /// When an image was last given a name, by its digits.
    var lastTagged: [String: WallTime] = [:]

    mutating func point(_ reference: ImageReference, to id: ImageID, at time: WallTime) {
        identities[reference.description] = id
        lastTagged[id.hex] = time
    }

    /// Sorted by text.
    func references(to id: ImageID) -> [ImageReference] {
        identities.filter { $0.value == id }.keys.sorted().compactMap { try? ImageReference(parsing: $0) }
    }
}
