/// A large immutable value with many holders. Handing it on costs one reference, not a copy of each of its parts.
public final class Shared<Value: Hashable & Sendable>: Sendable, Hashable {
    /// The value.
    public let value: Value

    /// Shares a value.
    public init(_ value: Value) { self.value = value }

    /// Equal when the values are.
    public static func == (a: Shared, b: Shared) -> Bool { a === b || a.value == b.value }

    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { value.hash(into: &hasher) }
}
