internal import KeeperClient
internal import KeeperProtocol
internal import Linux
public import Model

/// How the last replacement of an engine on purpose went.
public struct ReplacementReport: Sendable, Hashable {
    /// Whether the new engine took over.
    public var succeeded: Bool
    /// What happened, in one sentence.
    public var text: String
    /// When that was known.
    public var time: WallTime

    init(_ replacement: EngineReplacement) {
        let status = replacement.status.map { "\($0)" } ?? ""
        let words = replacement.text.isEmpty ? "" : ": " + replacement.text
        let again = "the engine before it was started again"
        time = replacement.at.wall
        succeeded = replacement.outcome == .replaced
        text =
            switch replacement.outcome {
            case .replaced: "the new engine took over"
            case .endedEarly: "the new engine \(status) before it was ready\(words); \(again)"
            case .notReadyInTime: "the new engine was not ready in time and was killed\(words); \(again)"
            case .stranded:
                "the new engine \(status) before it was ready\(words); the keeper had no program of an engine before it"
            }
    }
}

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
        do { try keeper.ready() } catch { keeperFailed(error) }
    }

    /// Tells the keeper why this process is about to end without having served.
    public static func announceFailure(_ text: String) {
        guard let keeper = try? KeeperClient.inherited() else { return }
        try? keeper.failing(text)
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
        do {
            try keeper.reload()
        } catch .olderKeeper {
            throw EngineError(
                .notBuilt, "the running keeper is of an older version: send it SIGHUP (process \(keeperProcess))")
        } catch {
            throw EngineError(.failed, "the keeper cannot be asked: \(error)")
        }
    }

    /// The keeper told how a replacement went: it is logged and told as an event, once.
    func replacementKnown(_ replacement: EngineReplacement) {
        let report = ReplacementReport(replacement)
        guard report != lastReplacement else { return }
        lastReplacement = report
        // A success is told to the engine that took over when it is ready; told before, it is an earlier one's. A failure is
        // told to the one that is back, and to those after it.
        guard report.succeeded == isServing, clock.monotonic.since(replacement.at.monotonic) < .seconds(60) else {
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
