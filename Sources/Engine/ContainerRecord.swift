internal import Lifecycle
internal import Model

/// What of a container seldom changes, as it is stored.
struct ContainerRecord: Codable, Sendable {
    var id: ContainerID
    var created: WallTime
    var spec: ContainerSpec
}

/// What of a container often changes, as it is stored.
struct ContainerStateRecord: Codable, Sendable {
    var name: ContainerName
    var record: RunRecord
}

/// One decision or happening in a container's history.
struct HistoryEntry: Codable, Sendable {
    var time: WallTime
    var monotonic: MonotonicInstant
    var reason: Reason
}
