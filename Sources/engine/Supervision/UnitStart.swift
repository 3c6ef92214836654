public import Model

/// A start by a unit of an init system.
public struct UnitStart: Sendable, Hashable {
    /// Place of the run.
    public var place: RunPlace
    /// Cause of the start; `nil` where the caller does not know it.
    public var kind: InitStart?

    /// A start from its parts.
    public init(place: RunPlace = RunPlace(), kind: InitStart? = nil) {
        self.place = place
        self.kind = kind
    }
}
