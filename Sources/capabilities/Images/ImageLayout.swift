internal import FoundationEssentials
internal import Linux
internal import Model

/// An image archive unpacked into a directory: Docker's manifest.json, or an OCI image layout.
struct ImageLayout: Sendable {
    let root: String

    /// The largest manifest, index or configuration read, in bytes.
    static let maximumDocumentBytes = 16 << 20
    /// How deep an index may nest.
    static let maximumIndexDepth = 4

    /// One image: paths inside the archive.
    struct Entry: Equatable {
        var config: String
        var layers: [String]
        var references: [String]
    }

    private struct DockerManifest: Codable {
        var config: String
        var repoTags: [String]?
        var layers: [String]?

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case repoTags = "RepoTags"
            case layers = "Layers"
        }
    }

    func entries() throws(ImageError) -> [Entry] {
        if let bytes = try readIfPresent("manifest.json") {
            return try JSONText.decode([DockerManifest].self, bytes, from: "manifest.json").map {
                Entry(config: $0.config, layers: $0.layers ?? [], references: $0.repoTags ?? [])
            }
        }
        guard let bytes = try readIfPresent("index.json") else {
            throw .archive(
                operation: "load", path: "", reason: "invalid archive: does not contain a manifest.json or index.json")
        }
        return try entries(index: bytes, inherited: nil, depth: 0)
    }

    private func entries(index bytes: [UInt8], inherited: String?, depth: Int) throws(ImageError) -> [Entry] {
        guard depth < Self.maximumIndexDepth else {
            throw .archive(operation: "load", path: "index.json", reason: "indexes nest too deep")
        }
        var found: [Entry] = []
        for descriptor in try JSONText.decode(OCIIndex.self, bytes, from: "index.json").manifests {
            if let platform = descriptor.platform, !platform.isThisMachine { continue }
            let path = Self.blobPath(descriptor.digest)
            guard let document = try readIfPresent(path) else { continue }
            guard ContentDigest(of: document) == descriptor.digest else {
                throw .archive(operation: "load", path: path, reason: "digest mismatch")
            }
            let name = Self.reference(of: descriptor) ?? inherited
            if descriptor.mediaType?.contains("index") == true || descriptor.mediaType?.contains("list") == true {
                found += try entries(index: document, inherited: name, depth: depth + 1)
                continue
            }
            let manifest = try JSONText.decode(OCIManifest.self, document, from: path)
            let config = Entry(
                config: Self.blobPath(manifest.config.digest), layers: manifest.layers.map { Self.blobPath($0.digest) },
                references: name.map { [$0] } ?? [])
            if let same = found.firstIndex(where: { $0.config == config.config && $0.layers == config.layers }) {
                found[same].references += config.references
            } else {
                found.append(config)
            }
        }
        return found
    }

    /// A full name as containerd writes it, or one in the OCI annotation when it is more than a tag.
    private static func reference(of descriptor: OCIDescriptor) -> String? {
        if let name = descriptor.annotations?["io.containerd.image.name"] { return name }
        guard let name = descriptor.annotations?["org.opencontainers.image.ref.name"], name.contains(byte: ":") else {
            return nil
        }
        return name
    }

    static func blobPath(_ digest: ContentDigest) -> String { "blobs/sha256/" + digest.hex }

    func read(_ path: String) throws(ImageError) -> [UInt8] {
        let file = try open(path)
        do throws(LinuxError) { return try file.borrowed.readAll(limit: Self.maximumDocumentBytes) } catch {
            throw .system(operation: "read", path: path, errno: error.code)
        }
    }

    private func readIfPresent(_ path: String) throws(ImageError) -> [UInt8]? {
        do { return try read(path) } catch {
            if case .system(_, _, let code) = error, code == Errno.noSuchFile { return nil }
            throw error
        }
    }

    /// Opens a regular file that lies in the directory itself: `docker save` before version 25 links equal layers
    /// by `../ID/layer.tar`, so links are followed, but by text and only inside.
    func open(_ path: String) throws(ImageError) -> OwnedDescriptor {
        var current = try Self.clean(path, from: [])
        for _ in 0..<8 {
            let whole = root + "/" + current.joined(separator: "/")
            for count in 1..<max(1, current.count) {
                let parent = root + "/" + current.prefix(count).joined(separator: "/")
                guard try Self.status(parent, path).isDirectory else {
                    throw .archive(operation: "load", path: path, reason: "a directory of the path is a link")
                }
            }
            if let file = try Self.opened(whole, path) { return file }
            var target = ""
            try StoreFile.attempt("readlink", path) { () throws(LinuxError) in target = try HostFile.target(of: whole) }
            current = try Self.clean(target, from: current.dropLast())
        }
        throw .archive(operation: "load", path: path, reason: "too many links")
    }

    private static func status(_ whole: String, _ path: String) throws(ImageError) -> FileStatus {
        do throws(LinuxError) { return try FileStatus(of: whole, followingLinks: false) } catch {
            throw .system(operation: "open", path: path, errno: error.code)
        }
    }

    /// The regular file at a path; `nil` when its last name is a symbolic link.
    private static func opened(_ whole: String, _ path: String) throws(ImageError) -> OwnedDescriptor? {
        do throws(LinuxError) {
            let file = try OwnedDescriptor(opening: whole, [.noFollow, .nonBlocking])
            if (try? FileStatus(of: file.borrowed))?.kind == .regular { return file }
        } catch {
            if error.code == Errno.tooManyLinks { return nil }
            throw .system(operation: "open", path: path, errno: error.code)
        }
        throw .archive(operation: "load", path: path, reason: "not a regular file")
    }

    private static func clean(_ path: String, from base: some Sequence<String>) throws(ImageError) -> [String] {
        var parts = path.hasPrefix(bytes: "/") ? [] : Array(base)
        for part in path.split(byte: "/") where part != "." {
            if part == ".." {
                guard !parts.isEmpty else {
                    throw .archive(operation: "load", path: path, reason: "the path leads out of the archive")
                }
                parts.removeLast()
            } else {
                parts.append(String(part))
            }
        }
        guard !parts.isEmpty else { throw .archive(operation: "load", path: path, reason: "not a file") }
        return parts
    }
}
