internal import Glibc

/// A descriptor that several owners hold; it is closed when the last lets go.
public final class SharedDescriptor: Sendable {
    /// The number, valid while this object lives.
    public let rawValue: Int32

    /// Takes ownership of an open descriptor.
    public init(takingOwnershipOf rawValue: Int32) { self.rawValue = rawValue }

    deinit { _ = close(rawValue) }
}
