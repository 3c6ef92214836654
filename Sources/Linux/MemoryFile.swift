import CLinux
import Glibc

/// A file in memory only (memfd_create(2)): something to write to for libraries that want a descriptor.
public struct MemoryFile: ~Copyable {
    /// The open file.
    public let descriptor: OwnedDescriptor

    /// An empty one.
    public init(name: String) throws(LinuxError) {
        let number = try LinuxError.check(clinux_memfd(name), "memfd_create", name)
        descriptor = OwnedDescriptor(adopting: number)
    }

    /// All that was written.
    public func content() throws(LinuxError) -> [UInt8] {
        guard lseek(descriptor.rawValue, 0, SEEK_SET) == 0 else {
            throw LinuxError(call: "lseek", object: "memory file", code: errno)
        }
        return try HostFile.readAll(descriptor.rawValue, name: "memory file")
    }
}
