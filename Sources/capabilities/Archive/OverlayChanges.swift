public import Linux
public import Model

/// Finds what an upper directory changes in the directories below it (moby, pkg/archive/changes.go).
///
/// Each directory is opened by its path from the top when its turn comes and closed after it, so that neither the depth of the
/// tree nor the number of layers counts.
public struct OverlayChanges: ~Copyable {
    /// Bytes of all paths that are reported together.
    static let maximumBytes = 8 << 20

    private let upper: OwnedDescriptor
    private let lowers: [SharedDescriptor]
    private let marks: any OpaqueMarks
    private var changes: [PathChange] = []
    private var reported: Set<String> = []
    private var bytes = 0

    /// An open upper directory, and the open ones below it, top one first.
    public init(
        upper: consuming OwnedDescriptor, lowers: [SharedDescriptor], marks: any OpaqueMarks = OwnOpaqueMarks()
    ) {
        self.upper = upper
        self.lowers = lowers
        self.marks = marks
    }

    /// All changes, sorted by path.
    public mutating func find() throws(ArchiveError) -> [PathChange] {
        // Directories of the upper one that are still to be looked into, and the lower ones that they are merged with.
        var waiting = [(path: EntryPath.root, lowers: Array(lowers.indices))]
        while let (path, merged) = waiting.popLast() {
            try PathBound.check(path.bytes)
            guard let directory = Self.open(path, below: upper.borrowed) else { continue }
            for (name, below) in try look(into: directory, path, merged) {
                waiting.append((path.appending(name), below))
            }
        }
        return changes.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// `nil` when it is not there any more, or is something else.
    private static func open(_ path: EntryPath, below top: BorrowedDescriptor) -> OwnedDescriptor? {
        try? OwnedDescriptor(openingDirectory: path.bytes, beneath: top)
    }

    /// A directory of a lower layer that is being looked into.
    private struct Lower {
        let index: Int
        let directory: SharedDescriptor

        var borrowed: BorrowedDescriptor { directory.borrowed }
    }

    /// Reports what differs in one directory; the directories in it, with the lower ones that each is merged with.
    private mutating func look(
        into directory: borrowing OwnedDescriptor, _ path: EntryPath, _ merged: [Int]
    ) throws(ArchiveError) -> [([UInt8], [Int])] {
        var below: [Lower] = []
        for index in merged {
            guard let opened = Self.open(path, below: lowers[index].borrowed) else { continue }
            below.append(Lower(index: index, directory: SharedDescriptor(sharing: opened)))
        }
        let own = try names(in: directory.borrowed)
        if marks.isMarked(directory.borrowed) { try reportHidden(by: own, in: below, path) }
        var further: [([UInt8], [Int])] = []
        for name in own {
            guard let status = try statusOfName(name, in: directory) else { continue }
            let full = path.appending(name)
            let old = try find(name, in: below)
            if status.isWhiteout {
                if old != nil { try report(full, .deleted) }
            } else if !status.isDirectory {
                try report(full, old == nil ? .added : .modified)
            } else {
                if let old {
                    // A directory is copied up when something in it changes; by itself it changed only if it differs.
                    if !old.isSameDirectory(as: status) { try report(full, .modified) }
                } else {
                    try report(full, .added)
                }
                further.append((name, try directories(name, in: below)))
            }
        }
        return further
    }

    /// What an opaque directory hides is deleted.
    private mutating func reportHidden(by own: [[UInt8]], in below: [Lower], _ path: EntryPath) throws(ArchiveError) {
        var seen = Set(own)
        for lower in below {
            for name in try names(in: lower.borrowed) where seen.insert(name).inserted {
                if try find(name, in: below) != nil { try report(path.appending(name), .deleted) }
            }
        }
    }

    /// The status of a name as the lower directories together show it.
    private func find(_ name: [UInt8], in below: [Lower]) throws(ArchiveError) -> FileStatus? {
        for lower in below {
            guard let status = try statusOfName(name, in: lower.borrowed) else { continue }
            return status.isWhiteout ? nil : status
        }
        return nil
    }

    /// The lower directories of that name that are merged.
    private func directories(_ name: [UInt8], in below: [Lower]) throws(ArchiveError) -> [Int] {
        var found: [Int] = []
        for lower in below {
            guard let status = try statusOfName(name, in: lower.borrowed) else { continue }
            guard status.isDirectory else { break }
            guard let inner = try? DirectoryEntry(name, in: lower.borrowed).openDirectory() else { break }
            found.append(lower.index)
            if marks.isMarked(inner.borrowed) { break }
        }
        return found
    }

    private mutating func report(_ path: EntryPath, _ kind: PathChange.Kind) throws(ArchiveError) {
        let parent = path.parent
        if kind != .modified, !parent.isRoot { try add(parent.text, .modified) }
        try add(path.text, kind)
    }

    private mutating func add(_ path: String, _ kind: PathChange.Kind) throws(ArchiveError) {
        guard reported.insert(path).inserted else { return }
        bytes += path.utf8.count
        guard bytes <= Self.maximumBytes else {
            throw .bound(name: "bytes in the paths of all changes", limit: Int64(Self.maximumBytes), path: "")
        }
        changes.append(PathChange(kind: kind, path: path))
    }
}

extension FileStatus {
    fileprivate func isSameDirectory(as other: FileStatus) -> Bool {
        isDirectory && size == other.size && modified == other.modified && mode == other.mode
    }
}
