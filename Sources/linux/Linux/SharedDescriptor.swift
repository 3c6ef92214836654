internal import Glibc

/// A descriptor that several owners hold; it is closed when the last lets go.
public final class SharedDescriptor: Sendable {
    /// The number, valid while this object lives.
    public let rawValue: Int32

    /// Takes ownership of an open descriptor.
    public init(takingOwnershipOf rawValue: Int32) { self.rawValue = rawValue }

    /// Takes over what one owner held.
    public convenience init(sharing owned: consuming OwnedDescriptor) { self.init(takingOwnershipOf: owned.release()) }

    deinit { _ = close(rawValue) }

    /// The descriptor to be used, not closed, by another while this object lives.
    public var borrowed: BorrowedDescriptor { BorrowedDescriptor(rawValue: rawValue) }
}

extension SharedDescriptor {
    /// Another descriptor of the same open file, close-on-exec, which the caller must close.
    public func duplicateNumber() throws(LinuxError) -> Int32 {
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else {
            throw LinuxError(call: "duplicate", object: "an open file", code: errno)
        }
        return copy
    }
}
