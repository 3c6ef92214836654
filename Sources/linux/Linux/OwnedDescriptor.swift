import CLinux

/// An open file descriptor that is closed exactly once: when its owner lets it go.
public struct OwnedDescriptor: ~Copyable, Sendable {
    private let number: Int32

    /// Takes over an open descriptor; nobody else may close it from now on.
    public init(adopting number: Int32) { self.number = number }

    deinit { _ = clinux_close(number) }

    /// The descriptor's number, for system calls while this owner lives.
    public var rawValue: Int32 { number }

    /// The descriptor to be used, not closed, by another while this owner lives.
    public var borrowed: BorrowedDescriptor { BorrowedDescriptor(rawValue: number) }

    /// Gives the descriptor up without closing it; the caller owns the number.
    public consuming func release() -> Int32 {
        let released = number
        discard self
        return released
    }

    /// Another descriptor of the same open file, close-on-exec (F_DUPFD_CLOEXEC).
    public func duplicate() throws(LinuxError) -> OwnedDescriptor {
        let copy = clinux_dup_cloexec(number)
        if copy < 0 { throw LinuxError(call: "duplicate", object: "an open file", code: -copy) }
        return OwnedDescriptor(adopting: copy)
    }
}

/// A descriptor that somebody else owns. It is valid as long as its owner lives, which the holder must see to.
public struct BorrowedDescriptor: Hashable, Sendable {
    /// The descriptor's number.
    public let rawValue: Int32

    /// A descriptor of another owner.
    public init(rawValue: Int32) { self.rawValue = rawValue }
}
