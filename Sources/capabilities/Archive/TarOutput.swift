internal import CArchive
internal import Linux

/// A tar written to a descriptor: ustar, with pax headers only where an entry needs them.
final class TarOutput {
    private let archive: OpaquePointer
    private var path = ""
    private var isFinished = false

    init(descriptor: Int32) throws(ArchiveError) {
        guard let archive = archive_write_new() else {
            throw .system(operation: "archive_write_new", path: "", errno: Errno.noMemory)
        }
        self.archive = archive
        archive_write_set_format_pax_restricted(archive)
        archive_write_set_format_option(archive, "pax", "xattrheader", "SCHILY")
        archive_write_set_bytes_in_last_block(archive, 1)
        guard archive_write_open_fd(archive, descriptor) == ARCHIVE_OK else { throw failure("open") }
    }

    deinit {
        // Freed as it is, libarchive would close an archive that failed: with the blocks that say that nothing is missing.
        if !isFinished { archive_write_fail(archive) }
        archive_write_free(archive)
    }

    private func failure(_ operation: String) -> ArchiveError {
        let code = archive_errno(archive)
        if code > 0 { return .system(operation: operation, path: path, errno: code) }
        return .damaged(path: path, reason: archive_error_string(archive).map { String(cString: $0) } ?? operation)
    }

    /// What a header says.
    struct Header {
        var name: [UInt8]
        let kind: FileStatus.Kind?
        let permissions: UInt32
        var user: UInt32 = 0
        var group: UInt32 = 0
        var size: Int64 = 0
        var modified = FileStatus.Time(seconds: 0)
        var device: UInt64 = 0
        var symbolicLink: [UInt8]?
        var hardLink: [UInt8]?
        var attributes: [(name: String, value: [UInt8])] = []

        init(name: [UInt8], _ kind: FileStatus.Kind?, permissions: UInt32) {
            self.name = name
            self.kind = kind
            self.permissions = permissions
        }

        init(name: [UInt8], status: FileStatus) {
            self.init(name: name, status.kind, permissions: status.permissions)
            user = status.user
            group = status.group
            size = status.kind == .regular ? status.size : 0
            modified = status.modified
            device = status.deviceNumber
        }
    }

    func begin(_ header: Header) throws(ArchiveError) {
        path = String(decoding: header.name, as: UTF8.self)
        guard let entry = archive_entry_new() else {
            throw .system(operation: "entry", path: path, errno: Errno.noMemory)
        }
        defer { archive_entry_free(entry) }
        header.name.withCString { archive_entry_set_pathname(entry, $0) }
        archive_entry_set_mode(entry, (header.kind?.rawValue ?? 0) | header.permissions)
        archive_entry_set_uid(entry, la_int64_t(header.user))
        archive_entry_set_gid(entry, la_int64_t(header.group))
        archive_entry_set_mtime(entry, Int(header.modified.seconds), 0)
        if let target = header.hardLink {
            target.withCString { archive_entry_set_hardlink(entry, $0) }
            archive_entry_set_size(entry, 0)
        } else {
            archive_entry_set_size(entry, header.size)
        }
        if let target = header.symbolicLink { target.withCString { archive_entry_set_symlink(entry, $0) } }
        if header.kind == .characterDevice || header.kind == .blockDevice {
            archive_entry_set_rdev(entry, UInt(header.device))
        }
        for (name, value) in header.attributes {
            archive_entry_xattr_add_entry(entry, name, value, value.count)
        }
        let code = archive_write_header(archive, entry)
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN else { throw failure("write") }
    }

    /// Bytes of the entry begun last; what goes beyond its size is dropped, what is missing becomes zeros.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        guard archive_write_data(archive, bytes.baseAddress, bytes.count) >= 0 else { throw failure("write") }
    }

    func write(_ bytes: [UInt8]) throws(ArchiveError) {
        let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
        guard written >= 0 else { throw failure("write") }
    }

    func finish() throws(ArchiveError) {
        isFinished = true
        guard archive_write_close(archive) == ARCHIVE_OK else { throw failure("write") }
    }
}
