internal import CLinux
internal import Glibc

// What is done with an open file by its descriptor. Errors name the descriptor.
extension BorrowedDescriptor {
    /// Descriptor 0 of this process.
    public static let standardInput = BorrowedDescriptor(rawValue: 0)
    /// Descriptor 1.
    public static let standardOutput = BorrowedDescriptor(rawValue: 1)
    /// Descriptor 2.
    public static let standardError = BorrowedDescriptor(rawValue: 2)

    /// Reads once (read(2)), again when a signal came first. Nothing is the end.
    public func read(atMost count: Int) throws(LinuxError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            (used, code) = transfer(UnsafeMutableRawBufferPointer(buffer))
        }
        guard code == 0 else { throw failure("read", code) }
        return bytes
    }

    /// Reads once into an array, from its start and at most as much as it has: how many bytes, 0 at the end.
    public func read(into buffer: inout [UInt8], atMost bound: Int) throws(LinuxError) -> Int {
        let (count, code) = buffer.withUnsafeMutableBytes {
            transfer(UnsafeMutableRawBufferPointer(rebasing: $0[..<min(bound, $0.count)]))
        }
        guard code == 0 else { throw failure("read", code) }
        return count
    }

    private func transfer(_ buffer: UnsafeMutableRawBufferPointer) -> (count: Int, code: Int32) {
        while true {
            let count = Glibc.read(rawValue, buffer.baseAddress, buffer.count)
            if count >= 0 { return (count, 0) }
            if errno != EINTR { return (0, errno) }
        }
    }

    /// Reads once from an offset of the file (pread(2)), as much as there is room for: how many bytes, 0 at the end.
    public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(LinuxError) -> Int {
        while true {
            let count = pread(rawValue, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw failure("pread", errno) }
        }
    }

    /// Reads to the end; EFBIG when that is beyond `limit` bytes.
    public func readAll(limit: Int = .max) throws(LinuxError) -> [UInt8] {
        try HostFile.readAll(rawValue, name: "descriptor \(rawValue)", limit: limit)
    }

    /// Writes once (write(2)), again when a signal came first: how many bytes were taken.
    public func write(_ bytes: ArraySlice<UInt8>) throws(LinuxError) -> Int {
        while true {
            let count = bytes.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno != EINTR { throw failure("write", errno) }
        }
    }

    /// Writes everything; EIO when nothing is taken.
    public func writeAll(_ bytes: [UInt8]) throws(LinuxError) {
        var left = bytes[...]
        while !left.isEmpty {
            let count = try write(left)
            guard count > 0 else { throw failure("write", EIO) }
            left = left.dropFirst(count)
        }
    }

    /// Writes everything at an offset of the file (pwrite(2)).
    public func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(LinuxError) {
        var done = 0
        while done < bytes.count {
            let start = bytes.baseAddress.map { $0 + done }
            let count = pwrite(rawValue, start, bytes.count - done, off_t(offset) + off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("pwrite", count == 0 ? EIO : errno) }
            done += count
        }
    }

    /// Cuts the file to a length, or fills it up with zeros (ftruncate(2)).
    public func truncate(to length: Int64) throws(LinuxError) {
        try check(ftruncate(rawValue, off_t(length)), "ftruncate")
    }

    /// Waits until the content is on the disk (fsync(2)).
    public func synchronize() throws(LinuxError) { try check(fsync(rawValue), "fsync") }

    /// Waits until all that was written to the file system of this file is on the disk (syncfs(2)).
    public func synchronizeFileSystem() throws(LinuxError) {
        let code = clinux_syncfs(rawValue)
        if code != 0 { throw failure("syncfs", -code) }
    }

    /// Sets the permission bits (fchmod(2)).
    public func setPermissions(_ mode: UInt32) throws(LinuxError) { try check(fchmod(rawValue, mode_t(mode)), "chmod") }

    /// Sets owner and group (fchown(2)).
    public func setOwner(_ user: UInt32, _ group: UInt32) throws(LinuxError) {
        try check(fchown(rawValue, user, group), "chown")
    }

    /// Sets the times of the last access and the last change (futimens(3)).
    public func setTimes(_ time: FileStatus.Time) throws(LinuxError) {
        try check(futimens(rawValue, [time.timespec, time.timespec]), "futimens")
    }

    /// Whether it is a terminal (isatty(3)).
    public var isTerminal: Bool { isatty(rawValue) == 1 }

    private func check(_ result: Int32, _ call: String) throws(LinuxError) {
        if result != 0 { throw failure(call, errno) }
    }

    private func failure(_ call: String, _ code: Int32) -> LinuxError {
        LinuxError(call: call, object: "an open file", code: code)
    }
}
