public import Model

/// A container as it was found in the store.
public struct StoredContainer<Record: Sendable, State: Sendable>: Sendable {
    /// Its identity.
    public let id: ContainerID
    /// What it was asked to be.
    public let record: Record
    /// Its last durable state; `nil` when `state.json` is damaged, which is then among the damaged records too.
    /// A container without a state is best treated as stopped by the user.
    public let state: State?
}

/// All that the store holds.
public struct LoadedContainers<Record: Sendable, State: Sendable>: Sendable {
    /// Whole containers, ordered by identity.
    public let records: [StoredContainer<Record, State>]
    /// What could not be loaded.
    public let damaged: [DamagedRecord]
}

/// The entries of a history that are whole, oldest first.
public struct History<Entry: Sendable>: Sendable {
    /// Whole entries.
    public let entries: [Entry]
    /// Lines that were torn or damaged and are left out.
    public let damagedEntries: Int
}

/// What is to become durable for one container in one commit.
public struct StoreChange<State: Sendable, Entry: Sendable>: Sendable {
    /// The container.
    public var id: ContainerID
    /// Its new state; `nil` leaves the state as it is.
    public var state: State?
    /// Entries to add to its history.
    public var history: [Entry]

    /// A change of state, of history or of both.
    public init(_ id: ContainerID, state: State? = nil, history: [Entry] = []) {
        self.id = id
        self.state = state
        self.history = history
    }
}
