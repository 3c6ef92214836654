internal import CArchive
internal import Linux

/// Bytes written zstd-compressed to a descriptor.
final class CompressedOutput {
    private let archive: OpaquePointer
    private let path: String

    init(descriptor: Int32, path: String) throws(ArchiveError) {
        guard let archive = archive_write_new(), let entry = archive_entry_new() else {
            throw .system(operation: "archive_write_new", path: path, errno: Errno.noMemory)
        }
        defer { archive_entry_free(entry) }
        self.archive = archive
        self.path = path
        archive_write_set_format_raw(archive)
        archive_write_add_filter_zstd(archive)
        archive_write_set_filter_option(archive, "zstd", "compression-level", "1")
        archive_write_set_bytes_in_last_block(archive, 1)
        archive_entry_set_pathname(entry, "data")
        archive_entry_set_filetype(entry, FileStatus.Kind.regular.rawValue)
        guard archive_write_open_fd(archive, descriptor) == ARCHIVE_OK,
            archive_write_header(archive, entry) == ARCHIVE_OK
        else { throw failure() }
    }

    deinit { archive_write_free(archive) }

    private func failure() -> ArchiveError {
        .system(operation: "write", path: path, errno: archive_errno(archive))
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        guard archive_write_data(archive, bytes.baseAddress, bytes.count) == bytes.count else { throw failure() }
    }

    func finish() throws(ArchiveError) {
        guard archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    }
}
