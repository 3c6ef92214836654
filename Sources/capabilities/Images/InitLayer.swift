internal import Linux
internal import Model

/// The layer between an image and the containers made of it: the file by which programs know that they run in a container, and the
/// places over which every start mounts something, so that a start changes nothing of the container (moby,
/// daemon/initlayer/setup_unix.go).
///
/// A link or a file that the image has in such a place is hidden. Directories of the image keep owner, mode, attributes and content.
/// Nothing is looked at through a link: each step is a directory of a layer, and layers do not change.
struct InitLayer {
    /// The image's layers, top one first.
    let layers: [String]

    private enum Place {
        case directory, file
        case link(String)
    }

    private static let places: [(directory: String, places: [(name: String, Place)])] = [
        ("dev", [("console", .file), ("pts", .directory), ("shm", .directory)]),
        ("etc", [("hostname", .file), ("hosts", .file), ("mtab", .link("/proc/mounts")), ("resolv.conf", .file)]),
        ("proc", []), ("sys", []),
    ]

    static func path(_ root: String, of id: ImageID) -> String { "\(parent(root))/\(name(of: id))" }

    /// Enough of the identity that no two images are made to share one, and short, as mount options are.
    static func name(of id: ImageID) -> String { String(id.hex.prefix(32)) }

    static func parent(_ root: String) -> String { root + "/layers/init" }

    /// Moves an image's away in one step, and returns where what is left of it is to be removed.
    static func takeAway(_ root: String, of id: ImageID) throws(ImageError) -> String {
        let trash = "\(root)/tmp/gone-init-\(name(of: id))-\(UInt32.random(in: 0...UInt32.max))"
        try StoreFile.attempt("rename", path(root, of: id), unless: Errno.noSuchFile) { () throws(LinuxError) in
            try HostFile.rename(path(root, of: id), to: trash)
        }
        return trash
    }

    /// Removes those of images that are gone.
    static func removeAll(_ root: String, except kept: Set<ImageID>) throws(ImageError) {
        let names = Set(kept.map(name))
        for name in try StoreFile.names(in: parent(root)) where !names.contains(name) {
            try StoreFile.removeTree("\(parent(root))/\(name)")
        }
    }

    /// Fills a directory that is empty.
    func fill(_ directory: String) throws(LinuxError) {
        try HostFile.setPermissions(0o755, of: directory)
        let top = try OwnedDescriptor(opening: directory, [.directory, .noFollow])
        if try !Self.isDirectory(".dockerenv", in: layers) { try Self.make(.file, ".dockerenv", in: top.borrowed) }
        for (name, places) in Self.places {
            let own = try Self.directories(name, in: layers)
            if places.isEmpty, !own.isEmpty { continue }
            try Self.make(.directory, name, in: top.borrowed)
            let made = try DirectoryEntry(name, in: top.borrowed).openDirectory()
            for (place, kind) in places where try !Self.isDirectory(place, in: own) {
                try Self.make(kind, place, in: made.borrowed)
            }
            if let seen = own.first { try Self.copyAttributes(of: seen, to: made.borrowed) }
        }
    }

    /// The directories of a name that overlayfs would merge, top one first; none when it is no directory to whoever looks.
    private static func directories(_ name: String, in layers: [String]) throws(LinuxError) -> [String] {
        var found: [String] = []
        for layer in layers {
            guard let status = try status(of: "\(layer)/\(name)") else { continue }
            guard status.isDirectory else { break }
            found.append("\(layer)/\(name)")
            if try isOpaque("\(layer)/\(name)") { break }
        }
        return found
    }

    private static func isDirectory(_ name: String, in merged: [String]) throws(LinuxError) -> Bool {
        for directory in merged {
            if let status = try status(of: "\(directory)/\(name)") { return status.isDirectory }
        }
        return false
    }

    private static func status(of path: String) throws(LinuxError) -> FileStatus? {
        do throws(LinuxError) { return try FileStatus(of: path, followingLinks: false) } catch {
            if error.code == Errno.noSuchFile { return nil }
            throw error
        }
    }

    private static func isOpaque(_ path: String) throws(LinuxError) -> Bool {
        let directory = try OwnedDescriptor(opening: path, [.directory, .noFollow])
        return ExtendedAttribute.value("trusted.overlay.opaque", of: directory.borrowed) == [UInt8(ascii: "y")]
    }

    private static func make(_ place: Place, _ name: String, in directory: BorrowedDescriptor) throws(LinuxError) {
        let entry = DirectoryEntry(name, in: directory)
        switch place {
        case .link(let target): return try entry.makeSymbolicLink(to: Array(target.utf8))
        case .directory: try entry.makeDirectory(mode: 0o755)
        case .file: _ = try entry.open([.writeOnly, .create, .exclusive, .noFollow], mode: 0o755)
        }
        try entry.setPermissions(0o755)
    }

    /// The uppermost directory is the one whose attributes are seen.
    private static func copyAttributes(of path: String, to copy: BorrowedDescriptor) throws(LinuxError) {
        let seen = try OwnedDescriptor(opening: path, [.directory, .noFollow])
        let status = try FileStatus(of: seen.borrowed)
        try copy.setOwner(status.user, status.group)
        try copy.setPermissions(status.permissions)
        for name in ExtendedAttribute.names(of: seen.borrowed) where !name.hasPrefix(bytes: "trusted.overlay.") {
            guard let value = ExtendedAttribute.value(name, of: seen.borrowed) else { continue }
            try ExtendedAttribute.set(name, value, of: copy)
        }
        try copy.setTimes(status.modified)
    }
}

extension ImageStore {
    /// The directory of an image's init layer, made when it is asked for first.
    func initLayer(of id: ImageID, over layers: [String]) throws(ImageError) -> String {
        let path = InitLayer.path(root, of: id)
        if HostFile.isDirectory(path) { return path }
        let staging = try StoreFile.makeTemporaryDirectory(in: root + "/tmp")
        do throws(ImageError) {
            try StoreFile.attempt("make init layer", path) { () throws(LinuxError) in
                try InitLayer(layers: layers).fill(staging)
            }
            // Another start may have been faster.
            try StoreFile.attempt("rename", path, unless: Errno.directoryNotEmpty) { () throws(LinuxError) in
                try HostFile.rename(staging, to: path)
            }
        } catch {
            try? StoreFile.removeTree(staging)
            throw error
        }
        try? StoreFile.removeTree(staging)
        return path
    }
}
