package import Isolation
package import NIOCore

/// Ground of a container between its runs: mounts, namespaces, a control group.
package struct Ground {
    /// The ground that was made at the first start, or found again; `nil` when none is known.
    package private(set) var prepared: PreparedContainer?
    /// Whether the ground is being made.
    package private(set) var isPreparing = false
    /// Future that completes when the resources of an earlier run are released; `nil` when nothing is being released.
    package private(set) var released: EventLoopFuture<Void>?
    /// Whether an earlier engine may have left its ground, in place of `prepared`.
    package private(set) var hasLeftovers = false
    /// Whether the control group was killed as a whole, so that no process can be born in it any more.
    private var isKilled = false

    /// No ground.
    package init() {}

    // MARK: Making it

    /// Begins to make the ground; false when that has begun already.
    package mutating func beginPreparing() -> Bool {
        guard !isPreparing else { return false }
        isPreparing = true
        return true
    }

    /// Ends the making, with a new ground or without.
    package mutating func endPreparing(_ made: PreparedContainer? = nil) {
        isPreparing = false
        if let made { prepared = made }
    }

    /// Replaces the ground by one with more parts, such as a filter or joined namespaces.
    package mutating func change(to prepared: PreparedContainer) { self.prepared = prepared }

    // MARK: Finding it again

    /// Records that an earlier engine may have left its ground.
    package mutating func expectLeftovers() {
        prepared = nil
        hasLeftovers = true
    }

    /// Records the ground of an earlier engine, or with `nil` that it was not found, though it may be there.
    package mutating func find(_ found: PreparedContainer?) {
        prepared = found
        hasLeftovers = found == nil
    }

    /// Whether there may be leftovers, which the caller discards now.
    package mutating func takeLeftovers() -> Bool {
        defer { hasLeftovers = false }
        return hasLeftovers
    }

    // MARK: Giving it back

    /// Records that the next run needs a new control group. Since Linux 6.14 a process born by CLONE_INTO_CGROUP in a group to
    /// which cgroup.kill was ever written is killed at once.
    package mutating func killed() { isKilled = true }

    /// Records whether the engine before may have killed the group and died during that.
    package mutating func mayHaveBeenKilled(_ isPossible: Bool) { isKilled = isPossible }

    /// Whether the group was killed; the caller releases it now.
    package mutating func takeKilled() -> Bool {
        defer { isKilled = false }
        return isKilled
    }

    /// Forgets the ground, as it is being released.
    package mutating func forget() {
        prepared = nil
        hasLeftovers = false
    }

    /// Makes the next start and removal wait for `done` and all earlier holds.
    package mutating func hold(until done: EventLoopFuture<Void>) -> EventLoopFuture<Void> {
        let before = released ?? done.eventLoop.makeSucceededVoidFuture()
        let all = before.and(done).map { _ in }
        released = all
        return all
    }

    /// Ends the wait, unless another hold has come.
    package mutating func endHold(_ future: EventLoopFuture<Void>) {
        if released === future { released = nil }
    }
}
