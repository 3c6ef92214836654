internal import Glibc
internal import Model

/// How much room a directory tree takes.
public enum DirectorySize {
    /// Bytes of all regular files below a path, each counted once; what cannot be read counts nothing. Mounts below it are
    /// not entered, and the tree may be of any depth.
    public static func bytes(below path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        if status.st_mode & S_IFMT == S_IFREG { return Int64(clamping: status.st_size) }
        let top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard top >= 0, var walk = try? DirectoryDescent(OwnedDescriptor(adopting: top)) else { return 0 }
        var measured = Measured()
        // Of each directory on the way down: those in it that are still to be entered.
        var waiting = [measured.add(walk.current)]
        while var directories = waiting.popLast() {
            if let next = directories.popLast() {
                waiting.append(directories)
                // It may be gone, or a mount.
                guard (try? walk.enter(next, sameMount: true)) != nil else { continue }
                waiting.append(measured.add(walk.current))
            } else if !waiting.isEmpty {
                // One that was moved away meanwhile: what lies above cannot be found any more.
                guard (try? walk.leave()) != nil else { break }
            }
        }
        return measured.total
    }

    private struct Measured {
        var total: Int64 = 0
        /// Files of several names that were counted.
        private var seen: Set<UInt64> = []

        /// Adds the files of a directory; the names of the directories in it.
        mutating func add(_ directory: BorrowedDescriptor) -> [[UInt8]] {
            var directories: [[UInt8]] = []
            try? DirectoryListing.forEachEntry(in: directory) { name, _ in
                var status = stat()
                guard fstatat(directory.rawValue, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return true }
                switch status.st_mode & S_IFMT {
                case S_IFREG where status.st_nlink <= 1 || seen.insert(UInt64(clamping: status.st_ino)).inserted:
                    // Two sparse files can be larger than any number.
                    total = total.saturatingAdding(Int64(clamping: status.st_size))
                case S_IFDIR: directories.append(Array(cString: name))
                default: break
                }
                return true
            }
            return directories
        }
    }
}
