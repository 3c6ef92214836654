import Flags
import Glibc

/// An unpacker of a tar stream below a directory and nowhere else. No link in the archive or below the directory is
/// followed, and no name leads out.
final class TreeUnpacker {
    private let root: Int32
    private let rename: (String) -> String
    private var reader = TarReader()
    private var open: Int32 = -1
    private var current: TarMember?
    /// Directories get their times at the end, as unpacking their entries changes them.
    private var directories: [(path: [String], entry: TarMember)] = []

    /// An unpacker below an existing directory; `rename` returns each member's new name.
    init(into directory: String, rename: @escaping (String) -> String) throws(ExitFailure) {
        root = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw ExitFailure("open \(directory): \(systemText(errno))") }
        self.rename = rename
    }

    deinit {
        close(root)
        if open >= 0 { close(open) }
    }

    /// Takes the next bytes of the stream.
    func take(_ bytes: [UInt8]) throws {
        let events: [TarReader.Event]
        do {
            events = try reader.read(bytes)
        } catch {
            throw ExitFailure("the archive is damaged: \(error.reason)")
        }
        for event in events {
            switch event {
            case .entry(let entry): try begin(entry)
            case .content(let bytes): try write(bytes)
            case .endOfEntry: finishEntry()
            }
        }
    }

    /// Ends the archive; a truncated one is an error.
    func finish() throws {
        guard reader.hasEnded || reader.isBetweenEntries else { throw ExitFailure("unexpected EOF") }
        for (path, entry) in directories.reversed() {
            guard let name = path.last, let parent = try? openParent(path.dropLast()) else { continue }
            defer { close(parent) }
            setTime(parent, name, entry.modified)
        }
    }

    private func begin(_ original: TarMember) throws {
        var entry = original
        entry.name = rename(original.name)
        let path = try components(entry.name)
        current = entry
        guard let name = path.last else { return }
        let parent = try openParent(path.dropLast())
        defer { close(parent) }
        switch entry.kind {
        case .directory: try makeDirectory(parent, name, entry, path)
        case .file:
            try clear(parent, name)
            open = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            try check(open, "open", entry.name)
        case .symbolicLink(let target):
            try clear(parent, name)
            try check(symlinkat(target, parent, name), "symlink", entry.name)
        case .hardLink(let target):
            try clear(parent, name)
            let source = try components(rename(target))
            guard let sourceName = source.last else { throw ExitFailure("invalid hard link \(target)") }
            let directory = try openParent(source.dropLast())
            defer { close(directory) }
            try check(linkat(directory, sourceName, parent, name, 0), "link", entry.name)
        case .fifo:
            try clear(parent, name)
            try check(mkfifoat(parent, name, entry.mode), "mkfifo", entry.name)
        case .other: throw ExitFailure("\(entry.name): devices are not copied")
        }
    }

    private func makeDirectory(_ parent: Int32, _ name: String, _ entry: TarMember, _ path: [String]) throws {
        if mkdirat(parent, name, 0o700) != 0 {
            let failure = errno
            var status = stat()
            guard failure == EEXIST, fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFDIR
            else {
                throw ExitFailure("cannot overwrite non-directory \(quoted(entry.name)) with directory")
            }
        }
        let directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        try check(directory, "open", entry.name)
        fchmod(directory, entry.mode)
        close(directory)
        directories.append((path, entry))
    }

    private func write(_ bytes: [UInt8]) throws {
        guard open >= 0 else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(open, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ExitFailure("write \(current?.name ?? ""): \(systemText(errno))") }
            rest = rest.dropFirst(count)
        }
    }

    private func finishEntry() {
        guard open >= 0, let entry = current else { return }
        fchmod(open, entry.mode)
        let time = timespec(tv_sec: Int(entry.modified), tv_nsec: 0)
        _ = futimens(open, [time, time])
        close(open)
        open = -1
    }

    private func setTime(_ parent: Int32, _ name: String, _ seconds: Int64) {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        _ = utimensat(parent, name, [time, time], AT_SYMLINK_NOFOLLOW)
    }

    /// Removes the file with a name; a directory is an error.
    private func clear(_ parent: Int32, _ name: String) throws {
        guard unlinkat(parent, name, 0) != 0, errno != ENOENT else { return }
        throw ExitFailure("cannot overwrite directory \(quoted(name)) with non-directory")
    }

    private func components(_ name: String) throws -> [String] {
        let parts = name.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.contains("..") else { throw ExitFailure("invalid path in archive: \(name)") }
        return parts
    }

    private func openParent(_ path: ArraySlice<String>) throws -> Int32 {
        var directory = dup(root)
        try check(directory, "dup", "")
        for name in path {
            _ = mkdirat(directory, name, 0o755)
            let next = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            close(directory)
            try check(next, "open", name)
            directory = next
        }
        return directory
    }

    private func check(_ result: Int32, _ operation: String, _ name: String) throws {
        if result < 0 { throw ExitFailure("\(operation) \(name): \(systemText(errno))") }
    }
}
