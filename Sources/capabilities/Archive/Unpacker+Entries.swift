internal import Linux

extension Unpacker {
    /// Makes one entry whose name is free, or a directory that may be there.
    mutating func make(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, from tar: TarInput
    ) throws(ArchiveError) {
        switch entry.kind {
        case .regular: try makeFile(entry, path, in: parent, from: tar)
        case .directory: try makeDirectory(entry, path, in: parent)
        case .symbolicLink(let target): try makeLink(entry, path, in: parent, target)
        case .hardLink(let target): try makeHardLink(path, in: parent, target)
        case .fifo: try makeNode(entry, path, in: parent, .fifo)
        case .characterDevice(let major, let minor):
            guard style != .layer || major != 0 || minor != 0 else {
                throw .damaged(path: path.text, reason: "a device 0:0 would be taken for a whiteout")
            }
            try makeNode(entry, path, in: parent, .characterDevice, (major, minor))
        case .blockDevice(let major, let minor):
            try makeNode(entry, path, in: parent, .blockDevice, (major, minor))
        case .socket: return
        }
    }

    private mutating func makeFile(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, from tar: TarInput
    ) throws(ArchiveError) {
        let place = DirectoryEntry(path.name, in: parent.borrowed)
        let owned = try ArchiveError.attempt("create", path.text) { () throws(LinuxError) in
            try place.open([.writeOnly, .create, .exclusive], mode: 0o600)
        }
        let file = owned.borrowed
        var end: Int64 = 0
        try tar.readData { (bytes, offset) throws(ArchiveError) in
            try ArchiveError.attempt("write", path.text) { () throws(LinuxError) in
                try file.writeAll(bytes, at: offset)
            }
            end = offset + Int64(bytes.count)
        }
        if end < entry.size {
            try ArchiveError.attempt("truncate", path.text) { () throws(LinuxError) in
                try file.truncate(to: entry.size)
            }
        }
        result.fileBytes += entry.size
        try applyAttributes(entry, path, owned)
        try? file.setTimes(entry.modified)
    }

    private mutating func makeDirectory(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor
    ) throws(ArchiveError) {
        let place = DirectoryEntry(path.name, in: parent.borrowed)
        do throws(LinuxError) { try place.makeDirectory(mode: 0o755) } catch {
            guard error.code == Errno.fileExists else {
                throw .system(operation: "mkdir", path: path.text, errno: error.code)
            }
        }
        let directory = try ArchiveError.attempt("open", path.text) { () throws(LinuxError) in
            try place.openDirectory()
        }
        try applyAttributes(entry, path, directory)
        directoryTimes.append((path, entry.modified))
    }

    private mutating func makeLink(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, _ target: [UInt8]
    ) throws(ArchiveError) {
        let place = DirectoryEntry(path.name, in: parent.borrowed)
        try ArchiveError.attempt("symlink", path.text) { () throws(LinuxError) in
            try place.makeSymbolicLink(to: target)
        }
        result.fileBytes += Int64(target.count)
        try applyOwnerAndTime(entry, path, place)
    }

    private func makeHardLink(
        _ path: EntryPath, in parent: borrowing OwnedDescriptor, _ target: [UInt8]
    ) throws(ArchiveError) {
        guard let source = EntryPath(target), !source.isRoot else { throw .escape(path: path.text) }
        let directory = try root.openDirectory(source.parent)
        do throws(LinuxError) {
            try DirectoryEntry(path.name, in: parent.borrowed).makeHardLink(
                to: DirectoryEntry(source.name, in: directory.borrowed))
        } catch {
            if error.code == Errno.noSuchFile {
                throw .damaged(path: path.text, reason: "hard link to \(source.text), which is missing")
            }
            throw .system(operation: "link", path: path.text, errno: error.code)
        }
    }

    private func makeNode(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, _ kind: FileStatus.Kind,
        _ device: (major: UInt32, minor: UInt32) = (0, 0)
    ) throws(ArchiveError) {
        guard style != .plain else { throw .damaged(path: path.text, reason: "a special file is not expected here") }
        let place = DirectoryEntry(path.name, in: parent.borrowed)
        let number = FileStatus.deviceNumber(major: device.major, minor: device.minor)
        try ArchiveError.attempt("mknod", path.text) { () throws(LinuxError) in
            try place.makeNode(kind, mode: 0o600, device: number)
        }
        try applyOwnerAndTime(entry, path, place)
        try ArchiveError.attempt("chmod", path.text) { () throws(LinuxError) in try place.setPermissions(entry.mode) }
    }

    private func applyOwnerAndTime(
        _ entry: TarEntry, _ path: EntryPath, _ place: DirectoryEntry
    ) throws(ArchiveError) {
        if let (user, group) = owner(of: entry) {
            try ArchiveError.attempt("chown", path.text) { () throws(LinuxError) in try place.setOwner(user, group) }
        }
        try? place.setTimes(entry.modified)
    }

    private func owner(of entry: TarEntry) -> (UInt32, UInt32)? {
        switch style {
        case .layer: (entry.user, entry.group)
        case .container(_, let user, let group): (user ?? entry.user, group ?? entry.group)
        case .plain: nil
        }
    }

    /// Owner first, as changing it clears setuid bits and capabilities.
    func applyAttributes(
        _ entry: TarEntry, _ path: EntryPath, _ owned: borrowing OwnedDescriptor
    ) throws(ArchiveError) {
        guard let (user, group) = owner(of: entry) else { return }
        let file = owned.borrowed
        try ArchiveError.attempt("chown", path.text) { () throws(LinuxError) in try file.setOwner(user, group) }
        try ArchiveError.attempt("chmod", path.text) { () throws(LinuxError) in try file.setPermissions(entry.mode) }
        for (name, value) in entry.attributes where Self.isAccepted(attribute: name) {
            guard value.count <= limits.attributeBytes else {
                throw .bound(name: "bytes in an attribute", limit: Int64(limits.attributeBytes), path: path.text)
            }
            do throws(LinuxError) { try ExtendedAttribute.set(name, value, of: file) } catch {
                // Like Docker, a file system without attributes is no reason to refuse the file.
                guard [Errno.notSupported, Errno.notPermitted].contains(error.code) else {
                    throw .system(operation: "setxattr \(name)", path: path.text, errno: error.code)
                }
            }
        }
    }

    /// Never the attributes by which overlayfs itself is steered.
    static func isAccepted(attribute name: String) -> Bool {
        name == "security.capability" || (name.hasPrefix("user.") && !name.hasPrefix("user.overlay."))
    }
}
