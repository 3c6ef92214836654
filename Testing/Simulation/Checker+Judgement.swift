import Engine
import Model

// What the engine shows, compared with what is so.
extension Checker {
    /// A look at everything, at any time: what has been quiet for a while is shown as it is.
    func looked(_ list: [ContainerSnapshot], _ census: EngineCensus, _ time: Int64, _ injected: Int64) {
        require(census.pendingEffects <= 64 * max(1, census.containers), time, "effects pile up: \(census)")
        require(census.timers <= 2 * max(1, census.containers), time, "timers pile up: \(census)")
        for snapshot in list {
            guard let container = containers[snapshot.id] else { continue }
            container.noteShown(snapshot)
            require(!container.isGone, time, "\(container.name) was removed and is still shown")
            guard isQuiet(container, time, injected) else { continue }
            let isAlive = container.live != nil
            require(
                (snapshot.state.running && !snapshot.state.restarting) == isAlive, time,
                "\(container.name) is shown as \(snapshot.state.status), and its process is \(isAlive ? "there" : "not there")"
            )
            if isAlive, let history = container.history {
                require(
                    snapshot.restartCount == history.count, time,
                    "\(container.name) shows \(snapshot.restartCount) restarts, and there were \(history.count)")
            }
            if isAlive, let live = container.live {
                require(snapshot.state.pid == Int(live.pid), time, "\(container.name) shows another's process number")
            }
            require(
                container.policies.contains(snapshot.spec.restart), time,
                "\(container.name) shows policy \(snapshot.spec.restart.name), which nobody gave it")
        }
    }

    private func isQuiet(_ container: Expected, _ time: Int64, _ injected: Int64) -> Bool {
        guard !isShuttingDown, !container.commands.contains(where: { $0.answered == nil && !$0.isWait }) else {
            return false
        }
        // A launch may take its time, and until its program is executed the container is shown as before.
        if let live = container.live, live.executed == nil { return false }
        let last = max(container.lastEvent, container.commands.compactMap(\.answered).max() ?? 0)
        return time - last > 5_000_000_000 + (injected - container.lastInjected)
            && !(container.end != nil && container.live == nil)
    }

    /// After the last fault and command every container is where its policy and its user want it.
    func judge(_ list: [ContainerSnapshot], _ time: Int64) {
        let shown = Dictionary(list.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for container in containers.values.sorted(by: { $0.id < $1.id }) {
            guard let snapshot = shown[container.id] else {
                require(container.isGone || container.mayBeGone, time, "\(container.name) is lost")
                continue
            }
            require(!container.isGone, time, "\(container.name) was removed and is there")
            let isUp = container.live != nil || snapshot.state.restarting
            if container.isStoppedForSure {
                require(!isUp, time, "\(container.name) was stopped by its user, and is up")
            }
            if container.isWantedForSure {
                require(
                    isUp, time,
                    "\(container.name) is to run always, and is \(snapshot.state.status): \(snapshot.reason)")
            }
        }
    }

    /// The log has every line that was written, once and in order.
    func readLog(_ text: String, of container: Expected, _ time: Int64) {
        for stream in ["stdout", "stderr"] {
            let lines = text.split(separator: "\n").compactMap { line -> Substring? in
                let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
                return parts.count == 4 && parts[1] == stream ? parts[3] : nil
            }
            var rest = lines[...]
            for run in container.runs {
                for line in run.written where line.hasPrefix(stream) {
                    if rest.first == line[...] {
                        rest.removeFirst()
                    } else {
                        // What a machine or a living process has not had read yet may be missing, the rest of a line too.
                        require(
                            run.isLost || run.isAlive, time,
                            "the log of \(container.name) lacks \"\(line)\" of run \(run.serial)")
                        if run.isLost, let part = rest.first, !part.isEmpty, line.contains(part) { rest.removeFirst() }
                    }
                }
            }
            require(
                rest.isEmpty, time, "the log of \(container.name) has \"\(rest.first ?? "")\", which is not its turn")
        }
    }
}

extension ClientCommand {
    /// Whether it changes a policy, which starts nothing that is down.
    fileprivate var updates: Bool { if case .update = self { true } else { false } }
}

extension IssuedCommand {
    var isWait: Bool { if case .wait = what { true } else { false } }
}

extension Checker.Expected {
    /// The last that anybody asked was a stop, and it was answered.
    var isStoppedForSure: Bool {
        guard let stop = lastStop, stop.what.waitsForTheEnd else { return false }
        if owesSupervisorStart || !supervisorStarts.filter({ $0 > stop.issued }).isEmpty { return false }
        return !commands.contains { command in
            command.what.starts && !command.wasRefused
                && (command.answered ?? Int64.max >= stop.issued || command.mayHaveBeenHastened(by: stop, runs))
        }
    }

    /// The last that anybody asked was a start, it was answered, and its policy is to run whatever happens.
    var isWantedForSure: Bool {
        guard policies.count == 1, policies[0] == .always || policies[0] == .unlessStopped else { return false }
        let start = commands.filter { $0.what.starts && $0.outcome == .done }.max { $0.issued < $1.issued }
        guard let start else { return false }
        return !commands.contains { command in
            command.number != start.number && (command.answered ?? Int64.max) >= start.issued
                && (command.what.signals || command.what.starts || command.what.updates)
        }
    }
}
