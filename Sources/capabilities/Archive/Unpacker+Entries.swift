internal import CArchive
internal import Glibc
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
        case .fifo: try makeNode(entry, path, in: parent, S_IFIFO, 0)
        case .characterDevice(let major, let minor):
            guard style != .layer || major != 0 || minor != 0 else {
                throw .damaged(path: path.text, reason: "a device 0:0 would be taken for a whiteout")
            }
            try makeNode(entry, path, in: parent, S_IFCHR, makeDevice(major, minor))
        case .blockDevice(let major, let minor):
            try makeNode(entry, path, in: parent, S_IFBLK, makeDevice(major, minor))
        case .socket: return
        }
    }

    private func makeDevice(_ major: UInt32, _ minor: UInt32) -> dev_t {
        let high = UInt64(major & 0xFFFF_F000) << 32 | UInt64(major & 0xFFF) << 8
        return dev_t(high | UInt64(minor & 0xFFFF_FF00) << 12 | UInt64(minor & 0xFF))
    }

    private mutating func makeFile(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, from tar: TarInput
    ) throws(ArchiveError) {
        let number = parent.rawValue
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let made = path.name.withCString { openat(number, $0, flags, 0o600) }
        guard made >= 0 else { throw .system(operation: "create", path: path.text, errno: errno) }
        let file = OwnedDescriptor(adopting: made)
        var written: Int64 = 0
        var end: Int64 = 0
        try tar.readData { (bytes, offset) throws(ArchiveError) in
            var done = 0
            while done < bytes.count {
                let count = pwrite(made, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .system(operation: "write", path: path.text, errno: errno) }
                done += count
            }
            written += Int64(bytes.count)
            end = offset + Int64(bytes.count)
        }
        if end < entry.size, ftruncate(file.rawValue, off_t(entry.size)) != 0 {
            throw .system(operation: "truncate", path: path.text, errno: errno)
        }
        result.fileBytes += entry.size
        try applyAttributes(entry, path, file)
        var times = [entry.modified, entry.modified]
        futimens(file.rawValue, &times)
    }

    private mutating func makeDirectory(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor
    ) throws(ArchiveError) {
        let number = parent.rawValue
        guard path.name.withCString({ mkdirat(number, $0, 0o755) }) == 0 || errno == EEXIST else {
            throw .system(operation: "mkdir", path: path.text, errno: errno)
        }
        let opened = path.name.withCString { openat(number, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { throw .system(operation: "open", path: path.text, errno: errno) }
        let directory = OwnedDescriptor(adopting: opened)
        try applyAttributes(entry, path, directory)
        directoryTimes.append((path, entry.modified))
    }

    private mutating func makeLink(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, _ target: [UInt8]
    ) throws(ArchiveError) {
        let number = parent.rawValue
        let code = target.withCString { target in path.name.withCString { symlinkat(target, number, $0) } }
        guard code == 0 else { throw .system(operation: "symlink", path: path.text, errno: errno) }
        result.fileBytes += Int64(target.count)
        try applyOwnerAndTime(entry, path, in: parent)
    }

    private func makeHardLink(
        _ path: EntryPath, in parent: borrowing OwnedDescriptor, _ target: [UInt8]
    ) throws(ArchiveError) {
        guard let source = EntryPath(target), !source.isRoot else { throw .escape(path: path.text) }
        let directory = try root.openDirectory(source.parent)
        let (from, to) = (directory.rawValue, parent.rawValue)
        let code = source.name.withCString { source in path.name.withCString { linkat(from, source, to, $0, 0) } }
        guard code == 0 else {
            if errno == ENOENT {
                throw .damaged(path: path.text, reason: "hard link to \(source.text), which is missing")
            }
            throw .system(operation: "link", path: path.text, errno: errno)
        }
    }

    private func makeNode(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor, _ kind: mode_t, _ device: dev_t
    ) throws(ArchiveError) {
        guard style != .plain else { throw .damaged(path: path.text, reason: "a special file is not expected here") }
        let number = parent.rawValue
        guard path.name.withCString({ mknodat(number, $0, kind | 0o600, device) }) == 0 else {
            throw .system(operation: "mknod", path: path.text, errno: errno)
        }
        try applyOwnerAndTime(entry, path, in: parent)
        guard path.name.withCString({ fchmodat(number, $0, entry.mode, 0) }) == 0 else {
            throw .system(operation: "chmod", path: path.text, errno: errno)
        }
    }

    private func applyOwnerAndTime(
        _ entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor
    ) throws(ArchiveError) {
        let number = parent.rawValue
        if let (user, group) = owner(of: entry) {
            guard path.name.withCString({ fchownat(number, $0, user, group, AT_SYMLINK_NOFOLLOW) }) == 0 else {
                throw .system(operation: "chown", path: path.text, errno: errno)
            }
        }
        var times = [entry.modified, entry.modified]
        _ = path.name.withCString { utimensat(number, $0, &times, AT_SYMLINK_NOFOLLOW) }
    }

    private func owner(of entry: TarEntry) -> (uid_t, gid_t)? {
        switch style {
        case .layer: (entry.user, entry.group)
        case .container(_, let user, let group): (user ?? entry.user, group ?? entry.group)
        case .plain: nil
        }
    }

    /// Owner first, as changing it clears setuid bits and capabilities.
    func applyAttributes(
        _ entry: TarEntry, _ path: EntryPath, _ file: borrowing OwnedDescriptor
    ) throws(ArchiveError) {
        guard let (user, group) = owner(of: entry) else { return }
        guard fchown(file.rawValue, user, group) == 0 else {
            throw .system(operation: "chown", path: path.text, errno: errno)
        }
        guard fchmod(file.rawValue, entry.mode) == 0 else {
            throw .system(operation: "chmod", path: path.text, errno: errno)
        }
        for (name, value) in entry.attributes where Self.isAccepted(attribute: name) {
            guard value.count <= limits.attributeBytes else {
                throw .bound(name: "attributeBytes", limit: Int64(limits.attributeBytes), path: path.text)
            }
            // Like Docker, a file system without attributes is no reason to refuse the file.
            guard fsetxattr(file.rawValue, name, value, value.count, 0) == 0 || errno == ENOTSUP || errno == EPERM
            else { throw .system(operation: "setxattr \(name)", path: path.text, errno: errno) }
        }
    }

    /// Never the attributes by which overlayfs itself is steered.
    static func isAccepted(attribute name: String) -> Bool {
        name == "security.capability" || (name.hasPrefix("user.") && !name.hasPrefix("user.overlay."))
    }
}
