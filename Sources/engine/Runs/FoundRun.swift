internal import KeeperClient
internal import LaunchPlan
package import Linux
package import Model

/// A run that the keeper hands over to a new engine.
package struct FoundRun: Sendable {
    /// Stages of its process.
    package enum State: Sendable {
        /// Cloned, not yet executing.
        case starting
        /// Executing its program since this moment.
        case running(since: Moment)
        /// Ended.
        case exited(ExitStatus, at: Moment, since: Moment)
        /// Never executed.
        case failed(StartFailure)
    }

    /// Its number.
    package let number: RunID
    /// Whether it is a container's and not an exec's.
    package let isContainer: Bool
    /// The ID of a container or exec.
    package let key: String
    /// The process number.
    package let process: Int32
    /// Stage of its process.
    package let state: State
    /// The process, while there is one.
    package let pidfd: SharedDescriptor?
    /// The reading ends of its output, or the master side of its terminal.
    package let kept: [SharedDescriptor]

    /// Whether its process is gone.
    package var hasEnded: Bool {
        switch state {
        case .starting, .running: false
        case .exited, .failed: true
        }
    }

    init(_ slot: HandedSlot) {
        number = slot.slot
        isContainer = slot.kind == .container
        key = slot.key
        process = slot.processNumber
        pidfd = slot.process.takeShared(0)
        kept = (0..<slot.kept.count).compactMap { slot.kept.takeShared($0) }
        state =
            switch slot.state {
            case .starting: .starting
            case .running(let since): .running(since: since)
            case .exited(let exit, let since): .exited(exit.status, at: exit.at, since: since)
            case .failed(let failure): .failed(StartFailure(failure, in: Plan(operations: [])))
            }
    }
}

/// Handover of the keeper to a new engine.
package struct Handover: Sendable {
    /// The keeper's process number.
    package var keeper = 0
    /// Number of processes that it has room for.
    package var slots = 0
    /// The number of the first keeper whose state this one has; `nil` with a keeper without such a number.
    package var lineage: UInt64?
    /// Its runs, in the order of their numbers.
    package var runs: [FoundRun] = []
    /// Descriptors that an earlier engine left with it, by name.
    package var held: [String: SharedDescriptor] = [:]
}
