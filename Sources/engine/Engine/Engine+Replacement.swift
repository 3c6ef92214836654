internal import Linux
public import Model
public import Runs
public import Supervision

/// This engine as a process.
public struct EngineIdentity: Sendable, Hashable {
    /// Its process number.
    public var process: Int
    /// That of its keeper.
    public var keeper: Int
    /// When it began.
    public var started: WallTime
}

// One engine takes over from another.
extension Engine {
    /// Tells the keeper that this engine serves its clients; from now on it is what a failed replacement goes back to.
    public func announceReady() {
        isServing = true
        runs.announceReady()
    }

    /// Tells the keeper why this process is about to end without having served.
    public static func announceFailure(_ text: String) {
        Runs.announceFailure(text)
    }

    /// Which engine answers.
    public func identity() -> EngineIdentity {
        EngineIdentity(process: Int(CurrentProcess.number), keeper: keeperProcess, started: started)
    }

    /// How the last replacement went since the keeper was started; `nil` when there was none.
    public func replacement() -> ReplacementReport? { lastReplacement }

    /// Has the keeper replace this engine by the program that is now at its path.
    public func reload() throws(EngineError) {
        guard !shuttingDown else { throw EngineError(.conflict, "the supervisor is shutting down") }
        guard try runs.reload() else {
            throw EngineError(
                .notBuilt, "the running keeper is of an older version: send it SIGHUP (process \(keeperProcess))")
        }
    }

    /// The keeper told how a replacement went: it is logged and told as an event, once.
    func replacementKnown(_ report: ReplacementReport) {
        guard report != lastReplacement else { return }
        lastReplacement = report
        // A success is told to the engine that took over when it is ready; told before, it is an earlier one's. A failure is
        // told to the one that is back, and to those after it.
        guard report.succeeded == isServing, clock.monotonic.since(report.at) < .seconds(60) else {
            return
        }
        log.log(level: report.succeeded ? .notice : .error, "reload: \(report.text)")
        emit(
            EventMessage(
                type: "daemon", action: "reload", actorID: "",
                attributes: ["result": report.succeeded ? "replaced" : "rolled back", "reason": report.text],
                time: clock.wall))
    }

    /// Another engine takes over: what was decided is durable before it is seen, and everything is left running.
    func replaceRequested() {
        log.info("another engine takes over")
        onReplace()
    }
}
