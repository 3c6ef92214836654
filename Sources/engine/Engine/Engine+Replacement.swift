internal import Containers
internal import Linux
public import Model
public import Runs
public import Supervision

/// Identity of this engine's process.
public struct EngineIdentity: Sendable, Hashable {
    /// Its process number.
    public var process: Int
    /// Process number of its keeper.
    public var keeper: Int
    /// Time of its start.
    public var started: WallTime
}

// Replacement of one engine by another.
extension Engine {
    /// Reports to the keeper that this engine serves its clients. From now on a failed replacement goes back to this engine.
    public func announceReady() {
        isServing = true
        runs.announceReady()
    }

    /// Reports to the keeper why this process ends without having served.
    public static func announceFailure(_ text: String) {
        Runs.announceFailure(text)
    }

    /// Identity of the engine that answers.
    public func identity() -> EngineIdentity {
        EngineIdentity(process: Int(CurrentProcess.number), keeper: keeperProcess, started: started)
    }

    /// Report of the last replacement since the keeper's start; `nil` when there was none.
    public func replacement() -> ReplacementReport? { lastReplacement }

    /// Has the keeper replace this engine by the program that is now at its path. Throws `.conflict` during a shutdown, and
    /// `.notBuilt` with an older keeper.
    public func reload() throws(EngineError) {
        guard !shuttingDown else { throw EngineError(.conflict, "the supervisor is shutting down") }
        guard try runs.reload() else {
            throw EngineError(
                .notBuilt, "the running keeper is of an older version: send it SIGHUP (process \(keeperProcess))")
        }
    }

    /// Logs the keeper's report of a replacement and emits it as an event, once.
    func replacementKnown(_ report: ReplacementReport) {
        guard report != lastReplacement else { return }
        lastReplacement = report
        // A success is reported to the engine that took over once it is ready; an earlier report is an earlier replacement's. A
        // failure is reported to the engine that is back, and to later ones.
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

    /// Hands over to another engine: decisions are durable before they are seen, and everything is left running.
    func replaceRequested() {
        log.info("another engine takes over")
        onReplace()
    }
}
