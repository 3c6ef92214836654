internal import FoundationEssentials
internal import Glibc
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
        StoreFile.readLink(linkPath(of: id)) == linkTarget(of: id) ? linkPath(of: id) : directory(of: id) + "/diff"
    }

    /// The directories of a stack of layers given bottom first, top one first.
    ///
    /// overlayfs refuses a directory that occurs twice, and images do repeat layers: every build step that changes
    /// nothing gives the same empty one. What a repeated layer does below is done again above, so the upper one is enough.
    func lowerDirectories(of layers: [LayerID]) -> [String] {
        var seen: Set<LayerID> = []
        let once = layers.reversed().filter { seen.insert($0).inserted }
        return once.isEmpty ? [Self.emptyDirectory(root)] : once.map(lowerDirectory)
    }

    static func markDirectory(_ root: String) -> String { root + "/layers/mark" }

    /// Root alone reaches the layers' names on the host; in a container everybody is to see the file and its root.
    static func writeMark(_ root: String) throws(ImageError) {
        let file = markDirectory(root) + "/.dockerenv"
        if access(file, F_OK) == 0 { return }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o755)
        guard descriptor >= 0 else { throw .system(operation: "create", path: file, errno: errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o755) == 0, chmod(markDirectory(root), 0o755) == 0 else {
            throw .system(operation: "chmod", path: file, errno: errno)
        }
    }

    static func emptyDirectory(_ root: String) -> String { root + "/layers/empty" }

    private func linkTarget(of id: LayerID) -> String { "../sha256/\(id.hex)/diff" }

    /// Unpacks a tar beside the store; `install` makes it a layer, and until then nothing refers to it.
    func unpack(_ input: BorrowedDescriptor, using tool: ArchiveTool) throws(ImageError) -> UnpackedLayer {
        let staging = try StoreFile.makeTemporaryDirectory(in: root + "/tmp")
        do throws(ImageError) {
            try StoreFile.makeDirectory(staging + "/diff")
            guard chmod(staging + "/diff", 0o755) == 0 else {
                throw .system(operation: "chmod", path: staging, errno: errno)
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
            guard rename(layer.staging, directory(of: id)) == 0 else {
                throw .system(operation: "rename", path: directory(of: id), errno: errno)
            }
            try StoreFile.syncDirectory(root + "/layers/sha256")
        } else {
            try StoreFile.removeTree(layer.staging)
        }
        if symlink(linkTarget(of: id), linkPath(of: id)) != 0, errno != EEXIST {
            throw .system(operation: "symlink", path: linkPath(of: id), errno: errno)
        }
    }

    /// Takes a layer out of its place at once and then removes it; a crash between leaves it in `tmp`.
    /// Removes a layer, which takes as long as there are files in it.
    func remove(_ id: LayerID) throws(ImageError) { try StoreFile.removeTree(takeAway(id)) }

    /// Moves a layer away in one step, and returns where what is left of it is to be removed.
    func takeAway(_ id: LayerID) throws(ImageError) -> String {
        if lowerDirectory(of: id) == linkPath(of: id) { unlink(linkPath(of: id)) }
        // The same layer may come and go again while the files of the first are removed.
        let trash = "\(root)/tmp/gone-\(id.hex)-\(UInt32.random(in: 0...UInt32.max))"
        // A rename needs no room: a full disk is no obstacle.
        if rename(directory(of: id), trash) != 0, errno != ENOENT {
            throw .system(operation: "rename", path: directory(of: id), errno: errno)
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
