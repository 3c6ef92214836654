internal import Linux

/// The chain of files `LOG`, `LOG.1`, `LOG.2` …, the oldest with the highest number.
enum LogRotation {
    /// Begins a new current file and gives each older one the next number; the oldest goes when there would be
    /// more than `maximumFiles`.
    ///
    /// The name of the current file is never missing: it is linked to its new name first and replaced by the new
    /// file then. Should a crash fall between the two, `repair` undoes the link. When the new file cannot be made,
    /// nothing is renamed, and the oldest file may be gone. `announce` hears which file will be the current one.
    static func rotate(
        _ path: String, maximumFiles: Int, announce: (LogFile.Identity) -> Void = { _ in }
    ) throws(FileError) -> LogFile {
        if maximumFiles > 1 { try DurableFile.remove("\(path).\(maximumFiles - 1)") }
        let fresh = try LogFile("\(path).new", .create)
        announce(fresh.identity)
        // Of those that are there: a configuration may allow more files than could ever be counted through.
        for number in numbers(path).reversed() where number < maximumFiles - 1 {  // bounded: at least one
            do throws(FileError) { try DurableFile.rename("\(path).\(number)", to: "\(path).\(number + 1)") } catch {
                if !error.isMissing { throw error }
            }
        }
        if maximumFiles > 1, (try? HostFile.link(path, as: "\(path).1")) == nil {
            do throws(LinuxError) { try HostFile.rename(path, to: "\(path).1") } catch {
                throw FileError(.link, path, code: error.code)
            }
        }
        try DurableFile.rename("\(path).new", to: path)
        return fresh
    }

    /// Takes back what a crash left of a rotation, and removes files beyond `maximumFiles`.
    static func repair(_ path: String, maximumFiles: Int) {
        try? HostFile.remove("\(path).new")
        if let current = LogFile.Identity(path: path), current == LogFile.Identity(path: "\(path).1") {
            try? HostFile.remove("\(path).1")
        }
        for number in numbers(path) where number >= maximumFiles {
            try? HostFile.remove("\(path).\(number)")
        }
    }

    /// The numbers of the rotated files that are there, in ascending order.
    static func numbers(_ path: String) -> [Int] {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        guard let names = try? DirectoryListing.names(in: directory.isEmpty ? "/" : directory) else { return [] }
        return names.compactMap { entry -> Int? in
            // bounded: the length of a name.
            guard entry.hasPrefix("\(name)."), let number = Int(entry.dropFirst(name.count + 1)), number > 0 else {
                return nil
            }
            return number
        }.sorted()
    }
}
