public import Model

/// That one container needs another.
public struct StartNeed<ID: Hashable & Sendable>: Hashable, Sendable {
    /// Who is needed.
    public var id: ID
    /// What has to be true of it.
    public var condition: StartCondition

    /// A need by its parts.
    public init(_ id: ID, _ condition: StartCondition) {
        self.id = id
        self.condition = condition
    }
}
