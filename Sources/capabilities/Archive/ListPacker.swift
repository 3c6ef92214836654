internal import CArchive
public import Linux

/// One file of an archive that is written from a list.
public struct ListedFile: Codable, Sendable {
    /// Name in the archive.
    public var name: String
    /// What it holds, for small files.
    public var text: String?
    /// Path of a zstd-compressed file whose uncompressed bytes it holds.
    public var compressed: String?
    /// Bytes it holds.
    public var size: Int64
}

/// Writes an archive from a list of files: the outer tar of `docker save`.
public enum ListPacker {
    /// Writes all files in order; directories of their names are made before them.
    public static func write(_ files: [ListedFile], to output: BorrowedDescriptor) throws(ArchiveError) {
        let tar = try TarOutput(descriptor: output.rawValue)
        var directories: Set<[UInt8]> = []
        for file in files {
            let parts = file.name.utf8.split(separator: 0x2F).map(Array.init)
            for count in 1..<max(1, parts.count) {
                let directory = Array(parts.prefix(count).joined(separator: [0x2F])) + [0x2F]
                if directories.insert(directory).inserted {
                    try tar.begin(TarOutput.Header(name: directory, .directory, permissions: 0o755))
                }
            }
            var header = TarOutput.Header(name: Array(file.name.utf8), .regular, permissions: 0o644)
            header.size = file.size
            try tar.begin(header)
            if let path = file.compressed {
                try CompressedInput.read(path, size: file.size, to: tar)
            } else {
                try tar.write(Array((file.text ?? "").utf8))
            }
        }
        try tar.finish()
    }
}

/// A zstd-compressed file read back.
private enum CompressedInput {
    static func read(_ path: String, size: Int64, to tar: TarOutput) throws(ArchiveError) {
        guard let archive = archive_read_new() else {
            throw .system(operation: "read", path: path, errno: Errno.noMemory)
        }
        defer { archive_read_free(archive) }
        archive_read_support_filter_zstd(archive)
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
        var entry: OpaquePointer?
        guard archive_read_open_filename(archive, path, 128 << 10) == ARCHIVE_OK else {
            throw .system(operation: "open", path: path, errno: archive_errno(archive))
        }
        var total: Int64 = 0
        if archive_read_next_header(archive, &entry) == ARCHIVE_OK {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            var code = archive_read_data_block(archive, &start, &count, &offset)
            while code == ARCHIVE_OK {
                total += Int64(count)
                try tar.write(UnsafeRawBufferPointer(start: start, count: count))
                code = archive_read_data_block(archive, &start, &count, &offset)
            }
            guard code == ARCHIVE_EOF else { throw .damaged(path: path, reason: "unreadable layer") }
        }
        guard total == size else { throw .damaged(path: path, reason: "layer has \(total) bytes and not \(size)") }
    }
}
