internal import Lifecycle
internal import Linux
internal import Model
internal import Runs

/// What of a container seldom changes, as it is stored.
struct ContainerRecord: Codable, Hashable, Sendable {
    var id: ContainerID
    var created: WallTime
    var spec: ContainerSpec
}

extension Container {
    /// What of it is stored apart from its state.
    var record: ContainerRecord { ContainerRecord(id: id, created: created, spec: spec) }
}

/// What of a container often changes, as it is stored.
struct ContainerStateRecord: Codable, Hashable, Sendable {
    var name: ContainerName
    var record: RunRecord
    /// What had been counted of memory when the last run ended; `nil` in old records.
    var memory: MemoryBaseline?
    /// The process while there is one; `nil` in old records.
    var process: RecordedProcess?
    /// Where its runs take place; `nil` for what the supervisor does by itself, as in older records.
    var place: RunPlace?
    /// The boot of the machine in which a user's stop was recorded; `nil` without one, and in older records.
    var stopBoot: String?
}

/// One decision, one command of a user's, or the command with the decision that it was, in a container's history. Old entries
/// have a decision alone.
struct HistoryEntry: Codable, Hashable, Sendable {
    var time: WallTime
    var monotonic: MonotonicInstant
    var reason: Reason?
    var command: UserCommand?
}

/// How far the counters of a control group had come, to tell those of the present run apart. Another group begins at zero.
struct MemoryBaseline: Codable, Hashable, Sendable {
    /// The group, by the number of its directory.
    var group: UInt64
    /// Processes killed for lack of memory.
    var kills: UInt64
    /// How long processes had waited for memory; `nil` where that is not counted.
    var stalled: Nanoseconds?
}
