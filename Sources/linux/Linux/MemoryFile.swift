import CLinux
import Glibc

/// A file in memory only (memfd_create(2)): something to write to for libraries that want a descriptor.
public struct MemoryFile: ~Copyable {
    /// The open file.
    public let descriptor: OwnedDescriptor

    /// An empty one.
    public init(name: String) throws(LinuxError) {
        let number = try LinuxError.check(clinux_memfd(name), "make memory file", name)
        descriptor = OwnedDescriptor(adopting: number)
    }

    /// One with a text, to be read from its start.
    public static func holding(_ text: String, name: String) throws(LinuxError) -> MemoryFile {
        let file = try MemoryFile(name: name)
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { write(file.descriptor.rawValue, $0.baseAddress, $0.count) }
            guard count > 0 else { throw LinuxError(call: "write", object: "memory file", code: errno) }
            left = left.dropFirst(count)
        }
        guard lseek(file.descriptor.rawValue, 0, SEEK_SET) == 0 else {
            throw LinuxError(call: "read", object: "memory file", code: errno)
        }
        return file
    }

    /// All that was written.
    public func content() throws(LinuxError) -> [UInt8] {
        guard lseek(descriptor.rawValue, 0, SEEK_SET) == 0 else {
            throw LinuxError(call: "read", object: "memory file", code: errno)
        }
        return try HostFile.readAll(descriptor.rawValue, name: "memory file")
    }
}
