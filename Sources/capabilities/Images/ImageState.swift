internal import FoundationEssentials
internal import Linux
internal import Model

/// What a store keeps in memory, and the files it mirrors.
struct ImageState: Sendable {
    let root: String
    /// Every image by identity.
    var images: [ImageID: StoredImage] = [:]
    var names = ImageNames()
    /// Layers that work in progress counts on, though no image has them yet.
    var pins: [LayerID: Int] = [:]
    /// Where layers are that were taken away, until their files are removed.
    var trash: [String] = []

    static func open(root: String, setAside: inout [String]) throws(ImageError) -> ImageState {
        for directory in [
            "", "/images", "/images/sha256", "/layers", "/layers/sha256", "/layers/l", "/layers/empty", "/layers/init",
            "/tmp",
        ] {
            let path = root + directory
            do throws(ImageError) {
                switch HostFile.kind(of: path) {
                case .nothing, .directory: break
                case .file, .other: putAside(path, why: "not a directory", &setAside)
                }
                try StoreFile.makeDirectory(path)
            } catch {
                setAside.append("\(path): \(error.message)")
            }
        }
        for name in (try? StoreFile.names(in: root + "/tmp")) ?? [] {
            attempt(&setAside) { () throws(ImageError) in try StoreFile.removeTree(root + "/tmp/" + name) }
        }
        var state = ImageState(root: root)
        state.readImages(&setAside)
        state.readNames(&setAside)
        let layers = LayerStore(root: root)
        if setAside.isEmpty {
            attempt(&setAside) { () throws(ImageError) in try layers.removeAll(except: state.referencedLayers) }
            attempt(&setAside) { () throws(ImageError) in try InitLayer.removeAll(root, except: Set(state.images.keys))
            }
        }
        return state
    }

    /// What fails here is told and keeps nobody from the images that are whole.
    private static func attempt(_ setAside: inout [String], _ body: () throws(ImageError) -> Void) {
        do throws(ImageError) { try body() } catch { setAside.append(error.message) }
    }

    private mutating func readImages(_ setAside: inout [String]) {
        let directory = root + "/images/sha256"
        let layers = LayerStore(root: root)
        let names: [String]
        do throws(ImageError) {
            names = try StoreFile.names(in: directory)
        } catch {
            setAside.append(error.message)
            return
        }
        for name in names where name.hasSuffix(bytes: ".json") {
            let path = directory + "/" + name
            guard let bytes = Self.read(path, &setAside) else { continue }
            let id = ContentDigest(of: bytes)
            guard name == id.hex + ".json", let document = try? ImageDocument(json: bytes) else {
                Self.putAside(path, why: "not the image its name says", &setAside)
                continue
            }
            guard let missing = document.layers.first(where: { layers.record(of: $0) == nil }) else {
                images[id] = StoredImage(id: id, document: document, size: layers.size(of: document.layers))
                continue
            }
            if layers.isUnreadable(missing) {
                setAside.append("\(path): layer \(missing) cannot be read now; left where it is")
                continue
            }
            Self.putAside(path, why: "layer \(missing) is missing", &setAside)
        }
    }

    private mutating func readNames(_ setAside: inout [String]) {
        let path = root + "/repositories.json"
        guard HostFile.kind(of: path) != .nothing, let bytes = Self.read(path, &setAside) else { return }
        guard let read = try? JSONDecoder().decode(ImageNames.self, from: Data(bytes)) else {
            Self.putAside(path, why: "not a list of names", &setAside)
            return
        }
        names = read
        // An image that cannot be read now keeps its names.
        for (name, id) in names.identities
        where images[id] == nil && HostFile.kind(of: "\(root)/images/sha256/\(id.hex).json") == .nothing {
            names.identities[name] = nil
        }
    }

    /// A file of the store; `nil` when there is none that can be read. A broken disk may answer the next time, so the file stays;
    /// what is no file is put aside.
    private static func read(_ path: String, _ setAside: inout [String]) -> [UInt8]? {
        do throws(FileError) {
            return try DurableFile.read(path)
        } catch {
            if error.isOfAnotherKind {
                putAside(path, why: "not a file", &setAside)
            } else {
                setAside.append("\(error.message); left where it is")
            }
            return nil
        }
    }

    private static func putAside(_ path: String, why: String, _ setAside: inout [String]) {
        var place = path + ".damaged"
        var number = 1
        while HostFile.kind(of: place) != .nothing {
            number += 1
            place = "\(path).damaged-\(number)"
        }
        let isMoved = (try? HostFile.rename(path, to: place)) != nil
        setAside.append("\(path): \(why); " + (isMoved ? "kept as \(place)" : "left where it is"))
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
        let digits = typed.hasPrefix(bytes: "sha256:") ? String(typed.dropFirst(7)) : typed
        if !digits.isEmpty, digits.utf8.allSatisfy(\.isLowerHexDigit) {
            let found = images.keys.filter { $0.hex.hasPrefix(bytes: digits) }
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
