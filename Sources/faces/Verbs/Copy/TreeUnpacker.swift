import Flags
import Linux
import Model

/// An unpacker of a tar stream below a directory and nowhere else. No link in the archive or below the directory is
/// followed, and no name leads out.
final class TreeUnpacker {
    private let root: OwnedDescriptor
    private let rename: (String) -> String
    private var reader = TarReader()
    private var open: SharedDescriptor?
    private var current: TarMember?
    /// Directories get their times at the end, as unpacking their entries changes them.
    private var directories: [(path: [String], entry: TarMember)] = []

    /// An unpacker below an existing directory; `rename` returns each member's new name.
    init(into directory: String, rename: @escaping (String) -> String) throws(ExitFailure) {
        do throws(LinuxError) { root = try OwnedDescriptor(opening: directory, .directory) } catch {
            throw ExitFailure("open \(directory): \(systemText(error.code))")
        }
        self.rename = rename
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
            try? DirectoryEntry(name, in: parent.borrowed).setTimes(FileStatus.Time(seconds: entry.modified))
        }
    }

    private func begin(_ original: TarMember) throws {
        var entry = original
        entry.name = rename(original.name)
        let path = try components(entry.name)
        current = entry
        guard let name = path.last else { return }
        let parent = try openParent(path.dropLast())
        let place = DirectoryEntry(name, in: parent.borrowed)
        switch entry.kind {
        case .directory: try makeDirectory(place, entry, path)
        case .file:
            try clear(place, name)
            do throws(LinuxError) {
                open = SharedDescriptor(sharing: try place.open([.writeOnly, .create, .exclusive], mode: 0o600))
            } catch {
                throw failure(error, entry.name)
            }
        case .symbolicLink(let target):
            try clear(place, name)
            try attempt(entry.name) { () throws(LinuxError) in try place.makeSymbolicLink(to: Array(target.utf8)) }
        case .hardLink(let target):
            try clear(place, name)
            let source = try components(rename(target))
            guard let sourceName = source.last else { throw ExitFailure("invalid hard link \(target)") }
            let directory = try openParent(source.dropLast())
            let file = DirectoryEntry(sourceName, in: directory.borrowed)
            try attempt(entry.name) { () throws(LinuxError) in try place.makeHardLink(to: file) }
        case .fifo:
            try clear(place, name)
            try attempt(entry.name) { () throws(LinuxError) in try place.makeNode(.fifo, mode: entry.mode) }
        case .other: throw ExitFailure("\(entry.name): devices are not copied")
        }
    }

    private func makeDirectory(_ place: DirectoryEntry, _ entry: TarMember, _ path: [String]) throws {
        do throws(LinuxError) { try place.makeDirectory(mode: 0o700) } catch {
            guard error.code == Errno.fileExists, (try? place.status())?.isDirectory == true else {
                throw ExitFailure("cannot overwrite non-directory \(quoted(entry.name)) with directory")
            }
        }
        try attempt(entry.name) { () throws(LinuxError) in
            let directory = try place.openDirectory()
            try? directory.borrowed.setPermissions(entry.mode)
        }
        directories.append((path, entry))
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let file = open?.borrowed else { return }
        try attempt(current?.name ?? "") { () throws(LinuxError) in try file.writeAll(bytes) }
    }

    private func finishEntry() {
        guard let file = open?.borrowed, let entry = current else { return }
        try? file.setPermissions(entry.mode)
        try? file.setTimes(FileStatus.Time(seconds: entry.modified))
        open = nil
    }

    /// Removes the file with a name; a directory is an error.
    private func clear(_ place: DirectoryEntry, _ name: String) throws {
        do throws(LinuxError) { try place.remove() } catch {
            if error.code == Errno.noSuchFile { return }
            throw ExitFailure("cannot overwrite directory \(quoted(name)) with non-directory")
        }
    }

    private func components(_ name: String) throws -> [String] {
        let parts = name.split(byte: "/").map(String.init).filter { !$0.isSame(bytes: ".") }
        guard !parts.contains("..") else { throw ExitFailure("invalid path in archive: \(name)") }
        return parts
    }

    private func openParent(_ path: ArraySlice<String>) throws -> OwnedDescriptor {
        var directory: OwnedDescriptor
        do throws(LinuxError) { directory = try root.duplicate() } catch { throw failure(error, "") }
        for name in path {
            let place = DirectoryEntry(name, in: directory.borrowed)
            try? place.makeDirectory(mode: 0o755)
            do throws(LinuxError) { directory = try place.openDirectory() } catch { throw failure(error, name) }
        }
        return directory
    }

    private func attempt(_ name: String, _ body: () throws(LinuxError) -> Void) throws {
        do throws(LinuxError) { try body() } catch { throw failure(error, name) }
    }

    private func failure(_ error: LinuxError, _ name: String) -> ExitFailure {
        ExitFailure("\(error.call) \(name): \(systemText(error.code))")
    }
}
