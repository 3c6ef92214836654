internal import Glibc
internal import Linux

/// One difference that an overlay's upper directory makes; the numbers are those of the Engine API.
public struct OverlayChange: Codable, Hashable, Sendable {
    /// Absolute path, bytes that are not UTF-8 replaced.
    public var path: String
    /// 0 modified, 1 added, 2 deleted.
    public var kind: Int
}

/// Finds what an upper directory changes in the directories below it (moby, pkg/archive/changes.go).
public struct OverlayChanges: ~Copyable {
    private var changes: [OverlayChange] = []
    private var reported: Set<String> = []

    /// Nothing found yet.
    public init() {}

    /// All changes, sorted by path. `lowers` are top one first.
    public mutating func find(upper: String, lowers: [String]) throws(ArchiveError) -> [OverlayChange] {
        let top = try SharedDirectory(path: upper)
        var below: [SharedDirectory] = []
        for path in lowers { below.append(try SharedDirectory(path: path)) }
        try walk(top, below, .root)
        return changes.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// A directory that several levels of the walk look into.
    private final class SharedDirectory {
        let descriptor: OwnedDescriptor

        init(path: String) throws(ArchiveError) {
            let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
            descriptor = OwnedDescriptor(adopting: number)
        }

        init?(_ name: [UInt8], in parent: SharedDirectory) {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let number = name.withCString { openat(parent.descriptor.rawValue, $0, flags) }
            guard number >= 0 else { return nil }
            descriptor = OwnedDescriptor(adopting: number)
        }
    }

    private mutating func walk(
        _ upper: SharedDirectory, _ lowers: [SharedDirectory], _ path: EntryPath
    ) throws(ArchiveError) {
        let own = try names(in: upper.descriptor)
        if Whiteout.isOpaque(upper.descriptor) { try reportHidden(by: own, in: lowers, path) }
        for name in own {
            guard let status = try statusOfName(name, in: upper.descriptor) else { continue }
            let full = path.appending(name)
            let old = try find(name, in: lowers)
            if status.isWhiteout {
                if old != nil { report(full, 2) }
                continue
            }
            guard status.isDirectory else {
                report(full, old == nil ? 1 : 0)
                continue
            }
            if let old {
                // A directory is copied up when something in it changes; by itself it changed only if it differs.
                let same =
                    old.isDirectory && old.st_size == status.st_size && old.st_mtim.tv_sec == status.st_mtim.tv_sec
                    && old.st_mtim.tv_nsec == status.st_mtim.tv_nsec && old.st_mode == status.st_mode
                if !same { report(full, 0) }
            } else {
                report(full, 1)
            }
            guard let inner = SharedDirectory(name, in: upper) else { continue }
            try walk(inner, try directories(name, in: lowers), full)
        }
    }

    /// What an opaque directory hides is deleted.
    private mutating func reportHidden(
        by own: [[UInt8]], in lowers: [SharedDirectory], _ path: EntryPath
    ) throws(ArchiveError) {
        var seen = Set(own)
        for lower in lowers {
            for name in try names(in: lower.descriptor) where seen.insert(name).inserted {
                if try find(name, in: lowers) != nil { report(path.appending(name), 2) }
            }
        }
    }

    /// The status of a name as the lower directories together show it.
    private func find(_ name: [UInt8], in lowers: [SharedDirectory]) throws(ArchiveError) -> stat? {
        for lower in lowers {
            guard let status = try statusOfName(name, in: lower.descriptor) else { continue }
            return status.isWhiteout ? nil : status
        }
        return nil
    }

    /// The lower directories of that name that are merged.
    private func directories(
        _ name: [UInt8], in lowers: [SharedDirectory]
    ) throws(ArchiveError) -> [SharedDirectory] {
        var found: [SharedDirectory] = []
        for lower in lowers {
            guard let status = try statusOfName(name, in: lower.descriptor) else { continue }
            guard status.isDirectory, let inner = SharedDirectory(name, in: lower) else { break }
            found.append(inner)
            if Whiteout.isOpaque(inner.descriptor) { break }
        }
        return found
    }

    private mutating func report(_ path: EntryPath, _ kind: Int) {
        let parent = path.parent
        if kind != 0, !parent.isRoot, reported.insert(parent.text).inserted {
            changes.append(OverlayChange(path: parent.text, kind: 0))
        }
        if reported.insert(path.text).inserted { changes.append(OverlayChange(path: path.text, kind: kind)) }
    }
}
