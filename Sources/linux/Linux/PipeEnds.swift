internal import CLinux
internal import Glibc

/// The two ends of a pipe(2), both close-on-exec.
public struct PipeEnds: Sendable {
    /// The end to read from.
    public let reading: SharedDescriptor
    /// The end to write to.
    public let writing: SharedDescriptor

    /// The ends of a pipe that is there.
    public init(reading: SharedDescriptor, writing: SharedDescriptor) {
        self.reading = reading
        self.writing = writing
    }

    /// A fresh pipe. `capacity` in bytes is a wish (F_SETPIPE_SZ).
    public init(capacity: Int32? = nil) throws(LinuxError) {
        var ends: (Int32, Int32) = (-1, -1)
        let result = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: Int32.self, capacity: 2) { clinux_pipe($0) }
        }
        guard result == 0 else { throw LinuxError(call: "make", object: "a pipe", code: -result) }
        reading = SharedDescriptor(takingOwnershipOf: ends.0)
        writing = SharedDescriptor(takingOwnershipOf: ends.1)
        if let capacity { PipeCapacity.set(ends.1, capacity) }
    }

    /// The same pipe with a writing end that is open for reading too: a writer that is the last to have the pipe open waits
    /// when it is full, and is not ended by SIGPIPE. Where that cannot be had the pipe is as it was.
    public func outlivingReaders() -> PipeEnds {
        let both = open("/proc/self/fd/\(writing.rawValue)", O_RDWR | O_CLOEXEC)
        return both < 0 ? self : PipeEnds(reading: reading, writing: SharedDescriptor(takingOwnershipOf: both))
    }
}

/// How much a pipe holds.
public enum PipeCapacity {
    /// Asks for so many bytes; the kernel rounds up to pages, and leaves it when what is in the pipe has no room.
    public static func set(_ descriptor: Int32, _ bytes: Int32) {
        // F_SETPIPE_SZ of linux/fcntl.h.
        _ = fcntl(descriptor, 1031, bytes)
    }
}

/// O_NONBLOCK of an open file description.
public enum Nonblocking {
    /// Sets it; a closed descriptor is left.
    public static func set(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
    }
}

/// read(2) and write(2) on descriptors that do not block.
public enum RawTransfer {
    /// What one call did.
    public enum Outcome: Sendable {
        case moved(Int)
        case wouldBlock
        case end
        case failed(code: Int32)
    }

    /// Reads once.
    public static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return .moved(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            // The slave side of a pseudo-terminal is gone: the same as an end.
            case EIO: return .end
            default: return .failed(code: errno)
            }
        }
    }

    /// Writes once.
    public static func write(_ descriptor: Int32, from buffer: UnsafeRawBufferPointer) -> Outcome {
        while true {
            let count = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return .moved(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(code: errno)
            }
        }
    }
}
