internal import Containers
internal import Lifecycle
internal import Linux
internal import Model
internal import Records
internal import Runs
internal import Supervision

// Recovery after a keeper was killed, with all or a part of what it held. Its containers run on, and are found again by the
// records.
extension Engine {
    /// Takes over processes that still run, of containers unknown to the keeper, and adds their feeds.
    func findAgain(_ alive: inout Set<ContainerID>, after end: SupervisorEnd) async {
        let lost = containers.all.filter {
            !alive.contains($0.id) && $0.lifecycle.state.mayHaveProcess && $0.lastProcess != nil
        }
        let ground = await findGround(of: lost.map(\.id))
        for container in lost {
            guard let recorded = container.lastProcess else { continue }
            container.ground.find(ground[container.id])
            let (cgroup, processes) = (container.ground.prepared?.cgroup, surroundings.processes)
            let found = try? await work {
                processes.find(recorded.identity, recorded.outputs, try? cgroup?.processes())
            }
            guard let found, attributing(container.id, { takeOver(found, recorded, container) }) else {
                // It is searched for once more by its control group, and prepared anew for the next run.
                container.ground.expectLeftovers()
                continue
            }
            alive.insert(container.id)
            tellLoss(found, container, after: end)
        }
    }

    private func takeOver(_ found: FoundProcess, _ recorded: RecordedProcess, _ container: Container) -> Bool {
        let record = container.lifecycle.record
        let since = Moment(
            monotonic: record.history.lastStart ?? clock.monotonic, wall: record.startedAt ?? clock.wall)
        let run: Run
        do {
            run = try runs.watch(container.id, recorded, found, since: since)
        } catch {
            log.error(
                "a process cannot be watched", metadata: ["name": "\(container.name)", "error": "\(error.inFull)"])
            return false
        }
        container.run = run
        container.ground.mayHaveBeenKilled(!container.spec.hasOwnProcessNamespace(configuration))
        try? openLog(container)
        runs.follow(
            run, found, log: container.output.isLogOpen ? container.id : nil, memory: memoryWatch(container))
        return true
    }

    /// Records the losses of the keeper's death in the history, where `why` shows them.
    private func tellLoss(_ found: FoundProcess, _ container: Container, after end: SupervisorEnd) {
        var lost: [String] = []
        let process = container.spec.process
        if process.terminal {
            lost.append("its terminal")
        } else {
            if process.openStdin { lost.append("its standard input") }
            let names = ["its output from now on", "its errors from now on"]
            for (name, output) in zip(names, found.outputs + [nil, nil]) where output == nil { lost.append(name) }
        }
        let reason = Reason(
            occurrence: .supervisorStarted(after: end, lastExit: nil), rule: .foundRunning(lost: lost), outcome: .stay)
        let instant = clock.monotonic
        container.outbox.remember(HistoryEntry(time: clock.wall, monotonic: instant, reason: reason))
        container.outbox.append(PendingEffect(effect: .record(reason), at: instant))
        container.outbox.persist(at: instant)
    }
}
