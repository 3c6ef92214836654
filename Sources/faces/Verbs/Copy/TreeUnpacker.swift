import Flags
import Linux
internal import Model

/// An unpacker of a tar stream below a directory and nowhere else. No link in the archive or below the directory is
/// followed, and no name leads out. An entry that cannot be made is reported at the end, and the others are made.
final class TreeUnpacker {
    private let root: OwnedDescriptor
    private let rename: ([UInt8]) -> [UInt8]
    private let owners: Bool
    private var reader = TarReader()
    private var open: SharedDescriptor?
    private var current: TarMember?
    /// Directories get their times at the end, as unpacking their entries changes them.
    private var directories: [(path: [[UInt8]], entry: TarMember)] = []
    private var failures: [String] = []

    /// An unpacker below an existing directory; `rename` returns each member's new name. With `owners`, files get the archive's user
    /// and group.
    init(
        into directory: String, owners: Bool = false, rename: @escaping ([UInt8]) -> [UInt8]
    ) throws(ExitFailure) {
        do throws(LinuxError) { root = try OwnedDescriptor(opening: directory, .directory) } catch {
            throw ExitFailure("open \(directory): \(LinuxError.text(error.code))")
        }
        self.rename = rename
        self.owners = owners
    }

    /// Takes the next bytes of the stream.
    func take(_ bytes: [UInt8]) throws {
        let events: [TarReader.Event]
        do {
            events = try reader.read(bytes)
        } catch {
            throw ExitFailure("the archive is damaged: \(error.message)")
        }
        for event in events {
            switch event {
            case .entry(let entry): try keepingOn { try begin(entry) }
            case .content(let bytes): try keepingOn { try write(bytes) }
            case .endOfEntry: finishEntry()
            }
        }
    }

    /// Ends the archive; a truncated one is an error.
    func finish() throws {
        // Docker's client takes an archive without its closing blocks too.
        guard reader.hasEnded || reader.isBetweenEntries else { throw ExitFailure("unexpected EOF") }
        for (path, entry) in directories.reversed() {
            guard let name = path.last, let parent = try? openParent(path.dropLast()) else { continue }
            finish(DirectoryEntry(name, in: parent.borrowed), entry)
        }
        if !failures.isEmpty { throw ExitFailure(failures.joined(separator: "\n")) }
    }

    /// Notes a failure of one entry, whose content is then passed over. At most so many are kept as can be read.
    private func keepingOn(_ body: () throws -> Void) throws {
        do { try body() } catch let failure as EntryFailure {
            open = nil
            if failures.count < 100 { failures.append(failure.message) }
        }
    }

    private struct EntryFailure: ReadableError {
        let message: String
    }

    /// Owner first, as changing it clears setuid bits.
    private func finish(_ place: DirectoryEntry, _ entry: TarMember) {
        if owners { try? place.setOwner(entry.user, entry.group) }
        if case .symbolicLink = entry.kind {} else { try? place.setPermissions(entry.mode) }
        try? place.setTimes(entry.time)
    }

    private func begin(_ original: TarMember) throws {
        var entry = original
        entry.name = rename(original.name)
        let path = try components(entry.name)
        current = entry
        guard let name = path.last else { return }
        let parent = try openParent(path.dropLast())
        let place = DirectoryEntry(name, in: parent.borrowed)
        if entry.kind == .directory {
            try makeDirectory(place, entry, path)
            return
        }
        try clear(place, entry)
        switch entry.kind {
        case .file:
            do throws(LinuxError) {
                open = SharedDescriptor(sharing: try place.open([.writeOnly, .create, .exclusive], mode: 0o600))
            } catch {
                throw failure(error, entry)
            }
        case .hardLink(let target):
            let source = try components(rename(target))
            guard let sourceName = source.last else {
                throw EntryFailure(message: "\(entry.text): a hard link to nothing")
            }
            let directory = try openParent(source.dropLast())
            let file = DirectoryEntry(sourceName, in: directory.borrowed)
            try attempt(entry) { () throws(LinuxError) in try place.makeHardLink(to: file) }
        case .symbolicLink(let target):
            try attempt(entry) { () throws(LinuxError) in try place.makeSymbolicLink(to: target) }
            finish(place, entry)
        case .fifo: try makeNode(place, entry, .fifo)
        case .characterDevice(let major, let minor):
            try makeNode(place, entry, .characterDevice, FileStatus.deviceNumber(major: major, minor: minor))
        case .blockDevice(let major, let minor):
            try makeNode(place, entry, .blockDevice, FileStatus.deviceNumber(major: major, minor: minor))
        case .directory: break
        case .other: throw EntryFailure(message: "\(entry.text): files of this kind are not copied")
        }
    }

    private func makeNode(
        _ place: DirectoryEntry, _ entry: TarMember, _ kind: FileStatus.Kind, _ device: UInt64 = 0
    ) throws {
        try attempt(entry) { () throws(LinuxError) in try place.makeNode(kind, mode: 0o600, device: device) }
        finish(place, entry)
    }

    private func makeDirectory(_ place: DirectoryEntry, _ entry: TarMember, _ path: [[UInt8]]) throws {
        do throws(LinuxError) { try place.makeDirectory(mode: 0o700) } catch {
            guard error.code == Errno.fileExists, (try? place.status())?.isDirectory == true else {
                throw EntryFailure(message: "cannot overwrite non-directory \(quoted(entry.text)) with directory")
            }
        }
        // What is in it is made before it may be forbidden.
        try attempt(entry) { () throws(LinuxError) in
            try? place.openDirectory().borrowed.setPermissions(entry.mode | 0o700)
        }
        directories.append((path, entry))
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let file = open?.borrowed, let entry = current else { return }
        try attempt(entry) { () throws(LinuxError) in try file.writeAll(bytes) }
    }

    private func finishEntry() {
        guard let file = open?.borrowed, let entry = current else { return }
        if owners { try? file.setOwner(entry.user, entry.group) }
        try? file.setPermissions(entry.mode)
        try? file.setTimes(entry.time)
        open = nil
    }

    /// Removes the file with a name; a directory is an error.
    private func clear(_ place: DirectoryEntry, _ entry: TarMember) throws {
        do throws(LinuxError) { try place.remove() } catch {
            if error.code == Errno.noSuchFile { return }
            throw EntryFailure(message: "cannot overwrite directory \(quoted(entry.text)) with non-directory")
        }
    }

    /// An archive that would lead out is refused as a whole.
    private func components(_ name: [UInt8]) throws -> [[UInt8]] {
        let parts = name.split(separator: 0x2F).map(Array.init).filter { $0 != [0x2E] }
        guard !parts.contains([0x2E, 0x2E]) else {
            throw ExitFailure("invalid path in archive: \(String(decoding: name, as: UTF8.self))")
        }
        return parts
    }

    private func openParent(_ path: ArraySlice<[UInt8]>) throws -> OwnedDescriptor {
        var directory: OwnedDescriptor
        do throws(LinuxError) { directory = try root.duplicate() } catch {
            throw ExitFailure(error.message)
        }
        for name in path {
            let place = DirectoryEntry(name, in: directory.borrowed)
            try? place.makeDirectory(mode: 0o755)
            do throws(LinuxError) { directory = try place.openDirectory() } catch {
                throw EntryFailure(
                    message: "\(error.call) \(String(decoding: name, as: UTF8.self)): \(LinuxError.text(error.code))")
            }
        }
        return directory
    }

    private func attempt(_ entry: TarMember, _ body: () throws(LinuxError) -> Void) throws {
        do throws(LinuxError) { try body() } catch { throw failure(error, entry) }
    }

    private func failure(_ error: LinuxError, _ entry: TarMember) -> EntryFailure {
        EntryFailure(message: "\(error.call) \(entry.text): \(LinuxError.text(error.code))")
    }
}
