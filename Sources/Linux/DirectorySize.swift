internal import Glibc

/// How much room a directory tree takes.
public enum DirectorySize {
    /// Bytes of all regular files below a path, each counted once; what cannot be read counts nothing. Mounts below it are
    /// not entered.
    public static func bytes(below path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        var seen: Set<UInt64> = []
        return bytes(path, status, device: UInt64(status.st_dev), &seen)
    }

    private static func bytes(_ path: String, _ status: stat, device: UInt64, _ seen: inout Set<UInt64>) -> Int64 {
        let kind = status.st_mode & S_IFMT
        if kind == S_IFREG {
            if status.st_nlink > 1, !seen.insert(UInt64(status.st_ino)).inserted { return 0 }
            return Int64(status.st_size)
        }
        guard kind == S_IFDIR, UInt64(status.st_dev) == device, let names = try? HostFile.list(path) else { return 0 }
        var total: Int64 = 0
        for name in names {
            var below = stat()
            if lstat(path + "/" + name, &below) == 0 { total += bytes(path + "/" + name, below, device: device, &seen) }
        }
        return total
    }
}
