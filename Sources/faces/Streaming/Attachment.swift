package import APIClient
import Flags
import JSONFormat
import Linux
package import Model

/// One run of a container with this process attached to it: from before its start to its exit code.
package struct Attachment {
    /// How the run ended for this process.
    package enum Outcome: Hashable {
        case exited(Int32)
        case detached
        /// The engine refused to start the container.
        case startRefused(ClientError)
    }

    let client: EngineClient
    /// The container's full ID. A name may mean another container once the engine is back.
    let id: String
    let isTerminal: Bool
    /// Whether standard input goes to the container.
    let takesInput: Bool
    /// Names of the outputs to show.
    let outputs: Set<String>
    /// The detach keys as the user typed them; empty for the standard ones.
    let detachKeys: String
    /// `next-exit`, or `removed` for a container that is removed when it ends.
    let waitCondition: String
    let signals: SignalQueue
    let signalEffect: StreamLoop.Signals
    /// The container's `StartedAt` before this run. It keeps this run apart from the one before.
    let startedBefore: String
    /// The link to the init system's unit to which this run belongs; `nil` outside a unit.
    var link: UnitLink?
    /// The init system that started this process; `nil` when there is none.
    var supervisor: SupervisingInit?
    /// The container's own stop signal; `nil` for the standard one.
    var stopSignal: Signal?

    /// An attachment that is not made yet.
    package init(
        client: EngineClient, id: String, isTerminal: Bool, takesInput: Bool, outputs: Set<String>, detachKeys: String,
        waitCondition: String, signals: SignalQueue, signalEffect: StreamLoop.Signals, startedBefore: String,
        link: UnitLink? = nil, supervisor: SupervisingInit? = nil, stopSignal: Signal? = nil
    ) {
        (self.client, self.id, self.isTerminal, self.takesInput) = (client, id, isTerminal, takesInput)
        (self.outputs, self.detachKeys, self.waitCondition) = (outputs, detachKeys, waitCondition)
        (self.signals, self.signalEffect, self.startedBefore) = (signals, signalEffect, startedBefore)
        (self.link, self.supervisor, self.stopSignal) = (link, supervisor, stopSignal)
    }

    /// Whether this process stays across restarts.
    private var untilFinal: Bool { waitCondition == "final" }

    private var path: String { "/containers/\(id)" }

    /// Attaches, begins to wait, starts the container if `starts`, and stays until the end.
    package func follow(starts: Bool) throws -> Outcome {
        let stream = try attach()
        let waiting = try wait()
        let terminal = isTerminal && takesInput ? RawTerminal() : nil
        let keys = isTerminal ? DetachKeys(parsing: detachKeys) ?? .standard : nil
        var loop = StreamLoop(
            target: path, client: client, isTerminal: isTerminal, signals: signals, signalEffect: signalEffect,
            terminal: terminal, source: .hijacked(stream), waiting: waiting,
            input: takesInput ? InputPump(keys: keys) : nil)
        loop.link = link
        loop.untilFinal = untilFinal
        loop.supervisor = supervisor
        loop.stopSignal = stopSignal
        if starts {
            do {
                try start()
            } catch let error as ClientError where error.engineIsGone {
                let back = try comeBack(&loop, startedAt: nil, starts: true)
                if let outcome = back { return outcome }
            } catch let error as ClientError {
                terminal?.restore()
                // The refusal is reported once a container that is removed at its end is gone.
                if waitCondition == "removed" { _ = try? waiting.body() }
                return .startRefused(error)
            }
        }
        while true {
            do {
                switch try loop.runToEnd() {
                case .ended(let code):
                    link?.ended()
                    return .exited(code ?? 0)
                case .detached: return .detached
                case .engineGone:
                    let starts = link?.isStarting == true
                    if let outcome = try comeBack(&loop, startedAt: loop.startedAt, starts: starts) {
                        link?.ended()
                        return outcome
                    }
                }
            } catch let refused as StartRefused {
                terminal?.restore()
                return .startRefused(refused.error)
            }
        }
    }

    /// Starts the container. In a unit, output flows already while the answer is awaited.
    private func start() throws {
        if let link { try link.start() } else { try client.perform(Request(.post, path + "/start")) }
    }

    private func attach() throws(ClientError) -> HijackedStream {
        var query: [(name: String, value: String)] = [("stream", "1")]
        if untilFinal { query.append(("until", "final")) }
        if takesInput { query.append(("stdin", "1")) }
        for name in ["stdout", "stderr"] where outputs.contains(name) { query.append((name, "1")) }
        if !detachKeys.isEmpty { query.append(("detachKeys", detachKeys)) }
        return try client.hijack(Request(.post, path + "/attach", query: query))
    }

    private func wait() throws(ClientError) -> Response {
        try client.open(Request(.post, path + "/wait", query: [("condition", waitCondition)]))
    }
}

extension Attachment {
    /// The longest absence of the engine, in milliseconds.
    package static let patience: Int64 = 30_000
    private static let firstPause: Int32 = 20
    private static let longestPause: Int32 = 1000

    /// Waits for the engine and resumes where it went away. Returns the outcome when the run has ended meanwhile, and
    /// `nil` when `loop` goes on with the run.
    private func comeBack(_ loop: inout StreamLoop, startedAt: String?, starts: Bool) throws -> Outcome? {
        let begin = MonotonicInstant.now
        var pause = Attachment.firstPause
        while true {
            do {
                let outcome = try takeUp(&loop, startedAt: startedAt, starts: starts)
                if outcome == nil, !starts { try link?.follow() }
                return outcome
            } catch let failure as ClientError where failure.engineIsGone {
                guard MonotonicInstant.now.since(begin) < .milliseconds(Attachment.patience) else {
                    throw ExitFailure(
                        "\(failure.message)\nThe engine has been away for \(Attachment.patience / 1000) seconds; "
                            + "container \(id.prefix(12)) may still be running.")
                }
                loop.pause(milliseconds: pause)
                try link?.tick()
                pause = min(pause * 2, Attachment.longestPause)
            }
        }
    }

    private func takeUp(_ loop: inout StreamLoop, startedAt: String?, starts: Bool) throws -> Outcome? {
        let state = try client.json(Request(.get, path + "/json"))["State"] ?? .null
        if starts, !isRunning(state), state["StartedAt"]?.string == startedBefore {
            loop.continue(with: .hijacked(try attach()), waiting: try wait())
            try start()
            return nil
        }
        if let code = try exitCode(state, startedAt: startedAt) {
            showMissed(&loop)
            return .exited(code)
        }
        let since = loop.lastReceived
        // Between runs no output can be missed between the log and the stream.
        let isBetweenRuns = untilFinal && state["Restarting"]?.bool == true
        if isBetweenRuns { showMissed(&loop) }
        let source =
            try followLog(since: since, isWanted: !isBetweenRuns && !takesInput && !isTerminal)
            ?? .hijacked(try attach())
        let waiting = try wait()
        let again = try client.json(Request(.get, path + "/json"))["State"] ?? .null
        let known = startedAt ?? state["StartedAt"]?.string
        if let code = try exitCode(again, startedAt: known) {
            showMissed(&loop)
            return .exited(code)
        }
        loop.startedAt = known
        loop.continue(with: source, waiting: waiting)
        return nil
    }

    private func isRunning(_ state: JSON) -> Bool {
        state["Running"]?.bool == true && state["Restarting"]?.bool != true
    }

    /// The exit code of the run that began at `startedAt`; `nil` while the run goes on.
    private func exitCode(_ state: JSON, startedAt: String?) throws -> Int32? {
        if untilFinal {
            return state["Running"]?.bool == true ? nil : Int32(truncatingIfNeeded: state["ExitCode"]?.integer ?? 0)
        }
        let isSameRun = startedAt == nil || startedAt == state["StartedAt"]?.string
        if isSameRun {
            return isRunning(state) ? nil : Int32(truncatingIfNeeded: state["ExitCode"]?.integer ?? 0)
        }
        if let code = try recordedExit(after: startedAt ?? "") { return code }
        guard !isRunning(state) else {
            throw ExitFailure(
                "container \(id.prefix(12)) was started again while the engine was away; its exit code is not known",
                code: 125)
        }
        return Int32(truncatingIfNeeded: state["ExitCode"]?.integer ?? 0)
    }

    /// The exit code in the container's first `die` event after a point in time; `nil` when there is none.
    private func recordedExit(after text: String) throws -> Int32? {
        guard let start = WallTime(rfc3339: text) else { return nil }
        let filters: JSON = ["container": [.string(id)], "event": ["die"]]
        let query = [
            (name: "since", value: start.apiText), (name: "until", value: WallTime.now.apiText),
            (name: "filters", value: filters.text),
        ]
        let lines = try client.open(Request(.get, "/events", query: query)).body().split(separator: 0x0A)
        guard let first = lines.first, let event = try? JSON(parsing: first) else { return nil }
        return (event["Actor"]?["Attributes"]?["exitCode"]?.string).flatMap { Int32($0) }
    }

    /// The followed log from a point in time on; `nil` when it is not wanted or the log driver cannot be read.
    private func followLog(since: WallTime, isWanted: Bool) throws -> ByteSource? {
        guard isWanted else { return nil }
        do {
            return .followed(try client.open(logRequest(since: since, follow: true)))
        } catch  where error.status != nil {
            return nil
        }
    }

    private func logRequest(since: WallTime, follow: Bool) -> Request {
        var query: [(name: String, value: String)] = [("since", since.apiText)]
        if follow { query.append(("follow", "1")) }
        for name in ["stdout", "stderr"] where outputs.contains(name) { query.append((name, "1")) }
        return Request(.get, path + "/logs", query: query)
    }

    /// Shows the log of the time when no client was attached. A log that cannot be read is skipped.
    private func showMissed(_ loop: inout StreamLoop) {
        guard let response = try? client.open(logRequest(since: loop.lastReceived, follow: false)) else { return }
        loop.continue(with: .followed(response), waiting: nil)
        _ = try? loop.runToEnd()
    }
}
