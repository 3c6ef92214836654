internal import Isolation
internal import NIOCore

/// What stands for a container between its runs: mounts, namespaces, a control group.
struct Ground {
    /// What was made at the first start, or found again; `nil` when nothing is known to stand.
    private(set) var prepared: PreparedContainer?
    /// Whether it is being made.
    private(set) var isPreparing = false
    /// Completed when what an earlier run held has been given back; `nil` when nothing is being given back.
    private(set) var released: EventLoopFuture<Void>?
    /// Whether an earlier engine may have left standing what it had made; in the place of `prepared`.
    private(set) var hasLeftovers = false
    /// Whether the control group was killed as a whole, so that nothing can be born in it any more.
    private var isKilled = false

    // MARK: Making it

    /// Begins to make it; false when somebody does already.
    mutating func beginPreparing() -> Bool {
        guard !isPreparing else { return false }
        isPreparing = true
        return true
    }

    /// Ends the making, with what was made or without.
    mutating func endPreparing(_ made: PreparedContainer? = nil) {
        isPreparing = false
        if let made { prepared = made }
    }

    /// Takes up more of what stands: a filter, namespaces that it joins.
    mutating func change(to prepared: PreparedContainer) { self.prepared = prepared }

    // MARK: Finding it again

    /// An earlier engine may have left something.
    mutating func expectLeftovers() {
        prepared = nil
        hasLeftovers = true
    }

    /// What an earlier engine left was found; `nil` when it was not, and may be there all the same.
    mutating func find(_ found: PreparedContainer?) {
        prepared = found
        hasLeftovers = found == nil
    }

    /// Whether there may be leftovers, for one who discards them now.
    mutating func takeLeftovers() -> Bool {
        defer { hasLeftovers = false }
        return hasLeftovers
    }

    // MARK: Giving it back

    /// The next run needs a new control group: since Linux 6.14 a process born by CLONE_INTO_CGROUP in a group to which
    /// cgroup.kill was ever written is killed at once.
    mutating func killed() { isKilled = true }

    /// The engine before may have killed the group and died over it.
    mutating func mayHaveBeenKilled(_ isPossible: Bool) { isKilled = isPossible }

    /// Whether the group was killed, for one who releases it now.
    mutating func takeKilled() -> Bool {
        defer { isKilled = false }
        return isKilled
    }

    /// Forgets what stands, as it is being given back.
    mutating func forget() {
        prepared = nil
        hasLeftovers = false
    }

    /// Has the next start and removal wait for `done` and for all that they waited for before.
    mutating func hold(until done: EventLoopFuture<Void>) -> EventLoopFuture<Void> {
        let before = released ?? done.eventLoop.makeSucceededVoidFuture()
        let all = before.and(done).map { _ in }
        released = all
        return all
    }

    /// Nothing is waited for any more, unless another hold has come.
    mutating func endHold(_ future: EventLoopFuture<Void>) {
        if released === future { released = nil }
    }
}
