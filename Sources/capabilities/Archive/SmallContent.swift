internal import Linux

/// What a small file holds, read before its header is written: files of procfs say that they are empty, those of sysfs that they
/// are a page long, and neither is true.
struct SmallContent {
    /// Files that say that they are longer are taken at their word. The largest page of Linux' machines.
    static let told: Int64 = 64 << 10
    /// The most that a file which says that it is empty may hold; some of procfs never end.
    static let maximumUntold = 16 << 20

    let bytes: [UInt8]

    /// Reads the file to its end, or as far as it said. `bound` for a file that said nothing and holds too much.
    init(of file: BorrowedDescriptor, _ path: String, told: Int64) throws(ArchiveError) {
        let limit = told == 0 ? Self.maximumUntold + 1 : Int(told)
        var content: [UInt8] = []
        while content.count < limit {
            let wanted = min(limit - content.count, Int(Self.told))
            let read = try ArchiveError.attempt("read", path) { () throws(LinuxError) in try file.read(atMost: wanted) }
            if read.isEmpty { break }
            content += read
        }
        guard told != 0 || content.count <= Self.maximumUntold else {
            throw .bound(name: "bytes in a file that says it is empty", limit: Int64(Self.maximumUntold), path: path)
        }
        bytes = content
    }
}
