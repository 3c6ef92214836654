internal import CArchive
internal import Linux

/// One header of a tar, with libarchive's reading of pax and GNU extensions.
struct TarEntry {
    enum Kind: Equatable {
        case regular
        case directory
        case symbolicLink(target: [UInt8])
        case hardLink(target: [UInt8])
        case fifo
        case characterDevice(UInt32, UInt32)
        case blockDevice(UInt32, UInt32)
        case socket
    }

    let path: [UInt8]
    let kind: Kind
    /// Permission bits with setuid, setgid and sticky.
    let mode: UInt32
    let user: UInt32
    let group: UInt32
    let size: Int64
    let modified: FileStatus.Time
    var attributes: [(name: String, value: [UInt8])] = []

    init(_ entry: OpaquePointer) throws(ArchiveError) {
        guard let name = archive_entry_pathname(entry) else {
            throw .damaged(path: "", reason: "an entry has no readable name")
        }
        path = Array(cString: name)
        let text = String(decoding: path, as: UTF8.self)
        mode = archive_entry_perm(entry) & 0o7777
        guard let user = UInt32(exactly: archive_entry_uid(entry)),
            let group = UInt32(exactly: archive_entry_gid(entry)),
            // To chown(2) the largest number means "leave it as it is".
            user != .max, group != .max
        else { throw .damaged(path: text, reason: "user or group out of range") }
        self.user = user
        self.group = group
        size = max(0, archive_entry_size(entry))
        modified = FileStatus.Time(
            seconds: Int64(archive_entry_mtime(entry)),
            nanoseconds: min(max(0, Int64(archive_entry_mtime_nsec(entry))), 999_999_999))
        kind = try Self.kind(of: entry, text)
        archive_entry_xattr_reset(entry)
        var attribute: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while archive_entry_xattr_next(entry, &attribute, &value, &count) == ARCHIVE_OK {
            guard let attribute else { continue }
            attributes.append(
                (String(cString: attribute), Array(UnsafeRawBufferPointer(start: value, count: count))))
        }
    }

    private static func kind(of entry: OpaquePointer, _ path: String) throws(ArchiveError) -> Kind {
        if let target = archive_entry_hardlink(entry) { return .hardLink(target: Array(cString: target)) }
        let device = UInt64(archive_entry_rdev(entry))
        switch FileStatus.Kind(rawValue: archive_entry_filetype(entry)) {
        case .regular: return .regular
        case .directory: return .directory
        case .fifo: return .fifo
        case .socket: return .socket
        case .characterDevice: return .characterDevice(carchive_major(device), carchive_minor(device))
        case .blockDevice: return .blockDevice(carchive_major(device), carchive_minor(device))
        case .symbolicLink:
            guard let target = archive_entry_symlink(entry) else {
                throw .damaged(path: path, reason: "a symbolic link has no readable target")
            }
            return .symbolicLink(target: Array(cString: target))
        case nil: throw .damaged(path: path, reason: "unknown type of entry")
        }
    }

    /// Whether neither its name nor the target of its link has other bytes.
    var hasOnlyASCIINames: Bool {
        switch kind {
        case .symbolicLink(let target), .hardLink(let target): (path + target).allSatisfy { $0 < 0x80 }
        case .regular, .directory, .fifo, .characterDevice, .blockDevice, .socket: path.allSatisfy { $0 < 0x80 }
        }
    }

    var text: String { String(decoding: path, as: UTF8.self) }
}
