internal import FoundationEssentials
public import Linux
internal import Model

/// Where the layers of an image come from: an unpacked `docker save`, later a registry.
public protocol LayerSource {
    /// Lends the layer's tar, plain or compressed, positioned at its beginning, for the length of `body`.
    mutating func withLayer(
        at index: Int, _ body: (BorrowedDescriptor) throws(ImageError) -> Void
    ) throws(ImageError)
}

/// What layer.json keeps beside an unpacked layer.
struct LayerRecord: Codable, Hashable, Sendable {
    var diffID: LayerID
    /// Bytes of regular files.
    var size: Int64
    /// Bytes of the uncompressed tar.
    var tarSize: Int64

    /// As they are stored, however the fields are called.
    private enum CodingKeys: String, CodingKey {
        case diffID = "diffID"
        case size = "size"
        case tarSize = "tarSize"
    }
}

/// Layers by diff ID below a store's root.
struct LayerStore: Sendable {
    let root: String

    func directory(of id: LayerID) -> String { "\(root)/layers/sha256/\(id.hex)" }

    func tarPath(of id: LayerID) -> String { directory(of: id) + "/tar.zst" }

    func record(of id: LayerID) -> LayerRecord? {
        guard let bytes = try? StoreFile.read(directory(of: id) + "/layer.json"),
            let record = try? JSONDecoder().decode(LayerRecord.self, from: Data(bytes)), record.diffID == id
        else { return nil }
        return record
    }

    /// Whether a layer is there and the disk does not give its record.
    func isUnreadable(_ id: LayerID) -> Bool {
        do throws(FileError) {
            _ = try DurableFile.read(directory(of: id) + "/layer.json")
            return false
        } catch {
            return !error.isMissing && !error.isOfAnotherKind
        }
    }

    func size(of layers: [LayerID]) -> Int64 {
        layers.reduce(Int64(0)) { $0.saturatingAdding(max(0, record(of: $1)?.size ?? 0)) }
    }

    private func linkPath(of id: LayerID) -> String { "\(root)/layers/l/\(id.hex.prefix(16))" }

    func lowerDirectory(of id: LayerID) -> String {
        (try? HostFile.target(of: linkPath(of: id))) == linkTarget(of: id)
            ? linkPath(of: id) : directory(of: id) + "/diff"
    }

    /// The directories of a stack of layers given bottom first, top one first.
    ///
    /// overlayfs refuses a directory that occurs twice, and images do repeat layers: every build step that changes
    /// nothing gives the same empty one. What a repeated layer does below is done again above, so the upper one is enough.
    func lowerDirectories(of layers: [LayerID]) -> [String] {
        let once = Self.once(layers)
        return once.isEmpty ? [Self.emptyDirectory(root)] : once.map(lowerDirectory)
    }

    /// Each layer once, top one first, where it occurs uppermost.
    static func once(_ layers: [LayerID]) -> [LayerID] {
        var seen: Set<LayerID> = []
        return layers.reversed().filter { seen.insert($0).inserted }
    }

    static func emptyDirectory(_ root: String) -> String { root + "/layers/empty" }

    private func linkTarget(of id: LayerID) -> String { "../sha256/\(id.hex)/diff" }

    /// Unpacks a tar beside the store; `install` makes it a layer, and until then nothing refers to it.
    func unpack(_ input: BorrowedDescriptor, using tool: ArchiveTool) throws(ImageError) -> UnpackedLayer {
        let staging = try StoreFile.makeTemporaryDirectory(in: root + "/tmp")
        do throws(ImageError) {
            try StoreFile.makeDirectory(staging + "/diff")
            try StoreFile.attempt("chmod", staging) { () throws(LinuxError) in
                try HostFile.setPermissions(0o755, of: staging + "/diff")
            }
            let report = try tool.run(
                ["unpack-layer", "--into", staging + "/diff", "--blob", staging + "/tar.zst"],
                operation: "unpack layer",
                input: input)
            guard let text = report.diffID, let id = ContentDigest(text), let size = report.size,
                let tarSize = report.tarSize
            else { throw .tool(operation: "unpack layer", reason: "no answer") }
            let record = LayerRecord(diffID: id, size: size, tarSize: tarSize)
            try StoreFile.replace(staging + "/layer.json", with: try JSONText.encode(record))
            return UnpackedLayer(record: record, staging: staging)
        } catch {
            try? StoreFile.removeTree(staging)
            throw error
        }
    }

    /// Moves an unpacked layer to its place; one that is there already wins.
    func install(_ layer: UnpackedLayer) throws(ImageError) {
        let id = layer.record.diffID
        if record(of: id) == nil {
            try StoreFile.removeTree(directory(of: id))
            try StoreFile.attempt("rename", directory(of: id)) { () throws(LinuxError) in
                try HostFile.rename(layer.staging, to: directory(of: id))
            }
            try StoreFile.syncDirectory(root + "/layers/sha256")
        } else {
            try StoreFile.removeTree(layer.staging)
        }
        try StoreFile.attempt("symlink", linkPath(of: id), unless: Errno.fileExists) { () throws(LinuxError) in
            try HostFile.makeSymbolicLink(linkPath(of: id), to: linkTarget(of: id))
        }
    }

    /// Takes a layer out of its place at once and then removes it; a crash between leaves it in `tmp`.
    /// Removes a layer, which takes as long as there are files in it.
    func remove(_ id: LayerID) throws(ImageError) { try StoreFile.removeTree(takeAway(id)) }

    /// Moves a layer away in one step, and returns where what is left of it is to be removed.
    func takeAway(_ id: LayerID) throws(ImageError) -> String {
        if lowerDirectory(of: id) == linkPath(of: id) { try? HostFile.remove(linkPath(of: id)) }
        // The same layer may come and go again while the files of the first are removed.
        let trash = "\(root)/tmp/gone-\(id.hex)-\(UInt32.random(in: 0...UInt32.max))"
        // A rename needs no room: a full disk is no obstacle.
        try StoreFile.attempt("rename", directory(of: id), unless: Errno.noSuchFile) { () throws(LinuxError) in
            try HostFile.rename(directory(of: id), to: trash)
        }
        return trash
    }

    func removeAll(except kept: Set<LayerID>) throws(ImageError) {
        for name in try StoreFile.names(in: root + "/layers/sha256") {
            guard let id = ContentDigest(name), !kept.contains(id) else { continue }
            try remove(id)
        }
    }
}

/// A layer that is unpacked and not yet in its place.
struct UnpackedLayer: Sendable {
    let record: LayerRecord
    let staging: String
}
