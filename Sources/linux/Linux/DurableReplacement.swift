/// A disk on which a file can be put in the place of another durably. A crash can fall between any two of the steps.
public protocol DurableReplacement {
    /// Makes or truncates a file and writes all bytes, not durably.
    func write(_ bytes: [UInt8], to path: String) throws(FileError)
    /// Makes a file's content durable.
    func sync(_ path: String) throws(FileError)
    /// Makes the names in a directory durable.
    func syncDirectory(_ path: String) throws(FileError)
    /// Gives a file another name, replacing what has it.
    func rename(_ old: String, to new: String) throws(FileError)
    /// Removes a file; a missing one is no error.
    func remove(_ path: String) throws(FileError)
}

extension DurableReplacement {
    /// Writes a file so that after a crash it has either the old content or the new: a file with `.new` behind its name, its sync,
    /// the rename, the sync of the directory. On failure the old content stays.
    public func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        do throws(FileError) {
            try write(bytes, to: path + ".new")
            try sync(path + ".new")
            try rename(path + ".new", to: path)
        } catch {
            try? remove(path + ".new")
            throw error
        }
        try syncDirectory(directory(of: path))
    }

    private func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
