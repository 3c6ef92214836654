internal import CArchive
internal import Linux

/// A tar stream, plain or compressed by gzip, bzip2, xz or zstd.
///
/// Two libarchive readers in a row: the outer takes the compression off, and what passes between them is hashed and
/// can be kept, as a layer's identity is that of its uncompressed bytes, padding included.
final class TarInput {
    private let outer: OpaquePointer
    private let inner: OpaquePointer
    private let hash = ContentHash()
    private let keep: CompressedOutput?
    private let limit: Int64
    private let needsEnd: Bool
    private var outerEnded = false
    private var outerFailure: ArchiveError?
    /// Bytes of the uncompressed tar so far.
    private(set) var totalBytes: Int64 = 0
    /// The last bytes that passed, at most a block.
    private var tail: [UInt8] = []
    private var entryPath = ""
    private var tags = TagCharacters()

    static let blockSize = 512

    /// With `needsEnd`, an archive without its closing blocks is truncated.
    init(descriptor: Int32, keep: CompressedOutput?, limit: Int64, needsEnd: Bool = true) throws(ArchiveError) {
        guard let outer = archive_read_new(), let inner = archive_read_new() else {
            throw .system(operation: "archive_read_new", path: "", errno: Errno.noMemory)
        }
        self.outer = outer
        self.inner = inner
        self.keep = keep
        self.limit = limit
        self.needsEnd = needsEnd
        archive_read_support_filter_gzip(outer)
        archive_read_support_filter_bzip2(outer)
        archive_read_support_filter_xz(outer)
        archive_read_support_filter_zstd(outer)
        archive_read_support_format_raw(outer)
        archive_read_support_format_empty(outer)
        guard archive_read_open_fd(outer, descriptor, 128 << 10) == ARCHIVE_OK else { throw Self.failure(outer, "") }
        var entry: OpaquePointer?
        switch archive_read_next_header(outer, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: outerEnded = true
        default: throw Self.failure(outer, "")
        }
        archive_read_support_format_tar(inner)
        archive_read_support_format_empty(inner)
        let context = Unmanaged.passUnretained(self).toOpaque()
        let opened = archive_read_open(
            inner, context, nil,
            { _, context, buffer in
                guard let context, let buffer else { return -1 }
                return Unmanaged<TarInput>.fromOpaque(context).takeUnretainedValue().pull(into: buffer)
            }, nil)
        guard opened == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_read_free(inner)
        archive_read_free(outer)
    }

    private static func failure(_ archive: OpaquePointer, _ path: String) -> ArchiveError {
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "unreadable archive"
        // libarchive has one code for all that is wrong with a format; only its text says which.
        if reason.contains("runcated") || reason.contains("unexpected end") || reason.contains("Premature end") {
            return .truncated(path: path)
        }
        return .damaged(path: path, reason: reason)
    }

    private func failure() -> ArchiveError { outerFailure ?? Self.failure(inner, entryPath) }

    /// Gives the inner reader its next bytes: their count, 0 at the end, -1 on failure.
    private func pull(into buffer: UnsafeMutablePointer<UnsafeRawPointer?>) -> la_ssize_t {
        if outerEnded { return 0 }
        if outerFailure != nil { return -1 }
        var start: UnsafeRawPointer?
        var size = 0
        var offset: la_int64_t = 0
        while true {
            switch archive_read_data_block(outer, &start, &size, &offset) {
            case ARCHIVE_OK where size == 0: continue
            case ARCHIVE_OK: break
            case ARCHIVE_EOF:
                outerEnded = true
                return 0
            default:
                outerFailure = Self.failure(outer, "")
                return -1
            }
            break
        }
        totalBytes += Int64(size)
        if totalBytes > limit { outerFailure = .bound(name: "bytes in all", limit: limit, path: entryPath) }
        let bytes = UnsafeRawBufferPointer(start: start, count: size)
        tags.look(at: bytes, endingAt: totalBytes, behind: archive_filter_bytes(inner, 0))
        hash.update(bytes)
        do throws(ArchiveError) { try keep?.write(bytes) } catch { outerFailure = error }
        if outerFailure != nil { return -1 }
        tail = Array((tail + bytes.suffix(Self.blockSize)).suffix(Self.blockSize))
        buffer.pointee = start
        return size
    }

    /// The next entry, or `nil` at a proper end of the archive.
    func next() throws(ArchiveError) -> TarEntry? {
        var entry: OpaquePointer?
        switch archive_read_next_header(inner, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN:
            guard let entry else { throw failure() }
            let read = try TarEntry(entry)
            entryPath = read.text
            let header =
                archive_read_header_position(
                    inner)..<max(
                    archive_read_header_position(inner), archive_filter_bytes(inner, 0))
            guard !tags.contains(in: header) || !read.hasOnlyASCIINames else {
                throw .damaged(path: entryPath, reason: "its name has Unicode tag characters, which cannot be kept")
            }
            return read
        case ARCHIVE_EOF:
            try checkEnd()
            return nil
        default: throw failure()
        }
    }

    /// libarchive takes the end of the bytes between two entries for the end of the archive, as some writers leave the
    /// closing zero blocks out. In a layer that is a truncated archive.
    private func checkEnd() throws(ArchiveError) {
        let consumed = archive_filter_bytes(inner, 0)
        let closing = consumed - archive_read_header_position(inner)
        try drain()
        if totalBytes == 0 || !needsEnd { return }
        let endedInZeros = totalBytes > consumed || tail.allSatisfy { $0 == 0 }
        guard closing >= Int64(Self.blockSize), endedInZeros else {
            throw .truncated(path: entryPath)
        }
    }

    private func drain() throws(ArchiveError) {
        var start: UnsafeRawPointer?
        while true {
            let count = pull(into: &start)
            if count == 0 { return }
            if count < 0 { throw failure() }
        }
    }

    /// Passes the current entry's data on, block by block, holes left out.
    func readData(
        _ body: (UnsafeRawBufferPointer, Int64) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        while true {
            var start: UnsafeRawPointer?
            var size = 0
            var offset: la_int64_t = 0
            switch archive_read_data_block(inner, &start, &size, &offset) {
            case ARCHIVE_OK, ARCHIVE_WARN:
                if size > 0 { try body(UnsafeRawBufferPointer(start: start, count: size), offset) }
            case ARCHIVE_EOF: return
            default: throw failure()
            }
        }
    }

    /// The identity of the uncompressed bytes, after the end.
    func finish() throws(ArchiveError) -> String {
        try keep?.finish()
        return hash.finish()
    }
}
