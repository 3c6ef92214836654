/// Number of a run, one process of a container or an exec. The engine chooses it for the keeper's slot and the pump's feed, and
/// never uses it twice.
public struct RunID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number.
    public let value: UInt64

    /// A run by its number.
    public init(_ value: UInt64) { self.value = value }

    /// By number.
    public static func < (a: Self, b: Self) -> Bool { a.value < b.value }

    /// The number in decimal.
    public var description: String { "\(value)" }
}
