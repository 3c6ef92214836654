#if !hasFeature(Embedded)
    public import Model
#endif

/// What is to be done with a container that is down, why, and what to remember.
public struct Decision: Hashable, Sendable {
    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Start it after a delay; `count` is then the number of automatic restarts.
        case restart(after: Nanoseconds, count: Int)
        /// Leave it: no rule asks for a start.
        case stay
        /// Leave it although it failed: the bound of its policy is reached.
        case giveUp
    }

    /// What is to be done.
    public var action: Action
    /// Why.
    public var reason: Reason
    /// The history to keep from here on.
    public var history: RestartHistory

    init(_ action: Action, _ reason: Reason, _ history: RestartHistory) {
        self.action = action
        self.reason = reason
        self.history = history
    }
}
