internal import Linux

/// An open log file.
struct LogFile: ~Copyable {
    private let descriptor: OwnedDescriptor
    let identity: Identity

    /// Which file it is, whatever its name.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
        }

        /// The file that has a name now.
        init?(path: String) {
            guard let status = try? FileStatus(of: path, followingLinks: false), status.kind == .regular else {
                return nil
            }
            self.init(status)
        }
    }

    enum Access { case read, append, create, overwrite }

    init(_ path: String, _ access: Access) throws(FileError) {
        let options: OpenOptions =
            switch access {
            case .read: []
            case .append: [.readWrite, .create, .append]
            case .overwrite: [.readWrite, .create]
            case .create: [.readWrite, .create, .truncate, .append]
            }
        let opened = try Self.open(path, options.union([.noFollow, .nonBlocking]))
        guard let status = try? FileStatus(of: opened.borrowed), status.kind == .regular else {
            throw FileError(.open, path, code: Errno.invalidArgument)
        }
        descriptor = opened
        identity = Identity(status)
    }

    private static func open(_ path: String, _ options: OpenOptions) throws(FileError) -> OwnedDescriptor {
        do throws(LinuxError) { return try OwnedDescriptor(opening: path, options, mode: 0o640) } catch {
            throw FileError(.open, path, code: error.code)
        }
    }

    /// Its length in bytes, or 0 when the kernel does not say.
    var length: Int64 {
        (try? FileStatus(of: descriptor.borrowed).size) ?? 0
    }

    /// Appends as much as there is room for. Returns the count and the `errno` that stopped it, or 0.
    func write(_ bytes: UnsafeRawBufferPointer) -> (count: Int, code: Int32) {
        var done = 0
        while done < bytes.count {
            switch RawTransfer.write(descriptor.rawValue, from: UnsafeRawBufferPointer(rebasing: bytes[done...])) {
            case .moved(let count) where count > 0: done += count
            case .moved, .end: return (done, Errno.inputOutput)
            case .wouldBlock: return (done, Errno.wouldBlock)
            case .failed(let code): return (done, code)
            }
        }
        return (done, 0)
    }

    /// Writes at the beginning; what is behind stays. Returns whether all was written.
    func overwrite(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (try? descriptor.borrowed.writeAll(bytes, at: 0)) != nil
    }

    /// Cuts it to a length.
    func truncate(to length: Int64) -> Bool { (try? descriptor.borrowed.truncate(to: length)) != nil }

    /// Reads at an offset; 0 is the end, and an error counts as the end.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        (try? descriptor.borrowed.read(at: offset, into: buffer)) ?? 0
    }
}
