internal import CLinux
internal import Glibc
internal import Synchronization

/// A page of a file on which a program that may end by a fault keeps, for each of its threads, on what it works. What is stored
/// there outlives the process without a system call, as the kernel holds the page; it is not made to outlive the
/// machine, which no fault of a program ends.
///
/// Only a fault counts (SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV): an end from outside, by KILL say, accuses nobody.
public final class FaultNote: Sendable {
    /// How many subjects are remembered over several ends.
    public static let capacity = 16
    /// The longest name of a subject, in bytes.
    public static let nameLength = 64

    /// How often in a row something was worked on when the program ended by a fault.
    public struct Suspicion: Hashable, Sendable {
        /// What was worked on.
        public let name: String
        /// Ends in a row.
        public let ends: Int

        /// A suspicion by its parts.
        public init(name: String, ends: Int) {
            self.name = name
            self.ends = ends
        }
    }

    // The page: a mark, the fault, a table of suspicions, a table of threads.
    private static let length = 4096
    private static let mark: UInt64 = 0x3145_544F_4E52_4553  // "SERNOTE1"
    private static let fault = 8
    private static let suspicions = 64
    private static let threads = 2048
    private static let entry = 80
    private static let threadCount = 16

    // Each thread stores in its own entry only, and the table is the recovering thread's.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer
    /// Which thread has which entry.
    private let owners = Mutex<[UInt32: Int]>([:])

    /// What the last ends of the program have in common, as it was found: at most `capacity`.
    public let found: [Suspicion]

    /// Opens or makes the page and reads what the process before has left there. From now on faults are written
    /// down. A file of another content is written anew; what is no file is moved out of the way.
    public init(path: String) throws(FileError) {
        let file = try Self.open(path)
        var address: UnsafeMutableRawPointer?
        let mapped = clinux_map_shared(file.rawValue, Self.length, &address)
        // For as long as the process: a fault may come at its very end.
        guard mapped == 0, let base = address else { throw FileError(.open, path, code: -mapped) }
        self.base = base
        if base.loadUnaligned(as: UInt64.self) != Self.mark {
            base.initializeMemory(as: UInt8.self, repeating: 0, count: Self.length)
            base.storeBytes(of: Self.mark, as: UInt64.self)
        }
        var table = Self.read(base)
        let signal = base.loadUnaligned(fromByteOffset: Self.fault, as: UInt32.self)
        let thread = base.loadUnaligned(fromByteOffset: Self.fault + 4, as: UInt32.self)
        if signal != 0, let name = Self.subject(of: thread, base) {
            let ends = table.first { $0.name == name }?.ends ?? 0
            table.removeAll { $0.name == name }
            table.insert(Suspicion(name: name, ends: min(ends, 1000) + 1), at: 0)
        }
        found = Array(table.prefix(Self.capacity))
        Self.write(found, base)
        (base + Self.threads).initializeMemory(as: UInt8.self, repeating: 0, count: Self.threadCount * Self.entry)
        base.storeBytes(of: 0, toByteOffset: Self.fault, as: UInt64.self)
        let code = clinux_note_faults((base + Self.fault).assumingMemoryBound(to: UInt32.self))
        if code != 0 { throw FileError(.open, path, code: -code) }
    }

    /// Works on something: a fault of this thread meanwhile is held against it. Of nested subjects the innermost counts.
    public func during<Value>(_ name: String, _ body: () throws -> Value) rethrows -> Value {
        guard let place = place() else { return try body() }
        let slot = base + Self.threads + place * Self.entry
        let words = (slot + 16).assumingMemoryBound(to: UInt64.self)
        let outer = (words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7])
        Self.put(name, at: slot + 16)
        defer {
            (words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]) = outer
        }
        return try body()
    }

    /// Nothing is suspected any more: the program has come so far that none of them ends it.
    public func acquit() { Self.write([], base) }

    /// One is suspected no more, as it was put out of the way.
    public func acquit(_ name: String) { Self.write(Self.read(base).filter { $0.name != name }, base) }

    /// The entry of the calling thread; `nil` when there are too many.
    private func place() -> Int? {
        let thread = clinux_thread_number()
        return owners.withLock { owners in
            if let place = owners[thread] { return place }
            guard owners.count < Self.threadCount else { return nil }
            let place = owners.count
            owners[thread] = place
            clinux_give_fault_stack()
            (base + Self.threads + place * Self.entry).storeBytes(of: thread, as: UInt32.self)
            return place
        }
    }

    // MARK: The page

    private static func open(_ path: String) throws(FileError) -> SharedDescriptor {
        // One that is too short would end the program at the first look into it, and so would one that finds no room.
        let zeros = [UInt8](repeating: 0, count: length)
        for attempt in 0..<2 {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            if descriptor >= 0 {
                let file = SharedDescriptor(takingOwnershipOf: descriptor)
                var status = stat()
                if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
                    if status.st_size == length { return file }
                    if ftruncate(descriptor, 0) == 0, pwrite(descriptor, zeros, length, 0) == length { return file }
                    throw FileError(.write, path, code: errno)
                }
            } else if attempt > 0 {
                throw FileError(.open, path, code: errno)
            }
            try DurableFile.rename(path, to: path + ".damaged-\(getpid())")
        }
        throw FileError(.open, path, code: EEXIST)
    }

    private static func subject(of thread: UInt32, _ base: UnsafeMutableRawPointer) -> String? {
        for place in 0..<threadCount {
            let slot = base + threads + place * entry
            if slot.load(as: UInt32.self) == thread { return text(at: slot + 16) }
        }
        return nil
    }

    private static func text(at place: UnsafeMutableRawPointer) -> String? {
        let bytes = UnsafeRawBufferPointer(start: place, count: nameLength).prefix { $0 != 0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func put(_ name: String, at place: UnsafeMutableRawPointer) {
        memset(place, 0, nameLength)
        var name = name
        name.withUTF8 { bytes in
            if let text = bytes.baseAddress { memcpy(place, text, min(bytes.count, nameLength)) }
        }
    }

    private static func read(_ base: UnsafeMutableRawPointer) -> [Suspicion] {
        (0..<capacity).compactMap { index in
            let slot = base + suspicions + index * entry
            let ends = slot.load(as: UInt32.self)
            guard ends > 0, let name = text(at: slot + 16) else { return nil }
            return Suspicion(name: name, ends: Int(ends))
        }
    }

    private static func write(_ table: [Suspicion], _ base: UnsafeMutableRawPointer) {
        for index in 0..<capacity {
            let slot = base + suspicions + index * entry
            put(index < table.count ? table[index].name : "", at: slot + 16)
            slot.storeBytes(of: index < table.count ? UInt32(clamping: table[index].ends) : 0, as: UInt32.self)
        }
    }
}
