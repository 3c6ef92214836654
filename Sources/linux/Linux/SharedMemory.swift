internal import CLinux
internal import Glibc

/// A file in memory, mapped. What is stored there outlives the process as long as somebody holds the file.
public struct SharedMemory: ~Copyable {
    /// Its bytes, `length` of them.
    public let base: UnsafeMutableRawPointer
    /// How many bytes it has.
    public let length: Int

    /// A new file of zeros; `name` is only shown in /proc.
    public static func file(_ name: String, length: Int) throws(LinuxError) -> SharedDescriptor {
        let descriptor = clinux_memory_file(name, length)
        guard descriptor >= 0 else { throw LinuxError(call: "make memory file", object: name, code: -descriptor) }
        return SharedDescriptor(takingOwnershipOf: descriptor)
    }

    /// Maps a file of at least `length` bytes; a shorter one is refused with EINVAL.
    public init(_ file: SharedDescriptor, length: Int) throws(LinuxError) {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, Int(status.st_size) >= length else {
            throw LinuxError(call: "map", object: "shared memory", code: EINVAL)
        }
        var address: UnsafeMutableRawPointer?
        let code = clinux_map_shared(file.rawValue, length, &address)
        guard code == 0, let address else {
            throw LinuxError(call: "map", object: "shared memory", code: -code)
        }
        base = address
        self.length = length
    }

    deinit { munmap(base, length) }

    /// Stores a word at an offset that is a multiple of eight, after everything that was stored before: a process that is
    /// killed leaves the word only together with what it speaks of.
    public func publish(_ word: UInt64, at offset: Int) {
        clinux_store_release((base + offset).assumingMemoryBound(to: UInt64.self), word)
    }
}
