internal import Containers
internal import Linux
internal import Model
internal import NIOCore
internal import Records
internal import Runs
internal import Supervision

// Health checks of containers: HealthMonitor decides, this carries it out.
extension Engine {
    /// Prefix of the slot keys of checks, by which the next engine recognises them.
    static let probeKey = "probe/"

    /// Reports the state of a container's run to its watch. Called whenever everything about the container is settled.
    func followHealth(_ container: Container) {
        let state = container.lifecycle.snapshot
        let run = state.running && !state.paused && container.run?.pidfd != nil ? container.run?.number : nil
        if let event = container.health.follow(run) { postHealth(container, event) }
    }

    /// Reads the health of each container from the records of an earlier engine.
    func recoverHealth() async {
        let watched = containers.all.filter { $0.health.monitor != nil }.map(\.id)
        guard !watched.isEmpty else { return }
        let (records, faults) = (records, surroundings.faults)
        let found = try? await run(on: storeThread) {
            watched.map { id in attributed(to: id, in: faults) { (id, records.health(of: id)) } }
        }
        for (id, record) in found ?? [] {
            guard let container = containers[id], let record, let plan = container.health.monitor?.plan else {
                continue
            }
            container.health.restore(plan, record)
        }
    }

    /// Continues the watch over a container that an earlier engine watched; one without a run shows as unhealthy.
    func resumeHealth(_ container: Container) {
        guard container.health.monitor != nil else { return }
        guard let run = container.run?.number else {
            postHealth(container, .suspended)
            return
        }
        let isPaused = container.lifecycle.snapshot.paused
        if let event = container.health.resume(run, isPaused: isPaused) { postHealth(container, event) }
    }

    func postHealth(_ container: Container, _ event: HealthWatch.Event) {
        attributing(container.id) { takeHealth(container, event) }
    }

    private func takeHealth(_ container: Container, _ event: HealthWatch.Event) {
        for effect in container.health.handle(event, at: clock.now) { perform(effect, container) }
    }

    private func perform(_ effect: HealthWatch.Effect, _ container: Container) {
        switch effect {
        case .arm(let due): armHealth(container, due)
        case .disarm:
            container.health.arm(nil)
        case .probe(let number): probe(container, number)
        case .endProbe(let number):
            for exec in container.execs.values where exec.probe?.number == number { killProbe(exec, container) }
        case .announce(let status):
            emitContainer("health_status: \(status.rawValue)", container)
            noteProgress(container)
        case .remember: remember(container)
        }
    }

    private func armHealth(_ container: Container, _ due: MonotonicInstant) {
        let id = container.id
        let timer = loop.scheduleTask(in: TimeAmount(due.since(clock.monotonic))) {
            self.assumeIsolated { engine in
                guard let container = engine.containers[id] else { return }
                container.health.fired()
                engine.postHealth(container, .timerFired)
            }
        }
        container.health.arm(timer)
    }

    /// Writes the health record without waiting for the disk.
    private func remember(_ container: Container) {
        guard let record = container.health.monitor?.record else { return }
        let (id, records) = (container.id, records)
        offload(to: storeThread) {
            try records.write(record, of: id)
        } then: { engine, result in
            // A container that is being removed has no directory any more.
            if case .failure(let error) = result {
                engine.log.debug(
                    "health not written", metadata: ["container": "\(id.short)", "error": "\(error.inFull)"])
            }
        }
    }

    // MARK: Checks

    private func probe(_ container: Container, _ number: UInt64) {
        guard let plan = container.health.monitor?.plan, let prepared = container.ground.prepared,
            let pidfd = container.run?.pidfd
        else {
            postHealth(container, .probeEnded(number, .noContainer))
            return
        }
        var spec = ExecSpec()
        spec.arguments = plan.arguments
        spec.attachStdout = true
        spec.attachStderr = true
        let exec = addExec(container, spec)
        let probe = Probe(number: number, loop: loop)
        exec.probe = probe
        exec.started = true
        var options = AttachOptions()
        options.stdout = true
        options.stderr = true
        options.stream = true
        exec.client = AttachedClient(
            owner: self, loop: loop, target: .exec(exec.id), options: options, sink: probe, detachKeys: nil)
        launchExec(exec, container, prepared, pidfd, height: 0, width: 0) { [places] error in
            StartFailure(planning: error, places, of: .exec)
        }
    }

    private func killProbe(_ exec: Exec, _ container: Container) {
        guard let run = exec.run else {
            let failure = StartFailure(exitCode: 126, message: "it was not started in time")
            return execEnded(exec, .failed(failure), container)
        }
        // What it started holds its output open and would make the check last.
        if let pidfd = run.pidfd { ProcessGroup.end(ledBy: run.pid, pidfd) }
        runs.signal(run.number, .kill)
    }

    /// Handles the end of a check, which is no exec for clients any more.
    func probeEnded(_ exec: Exec, _ probe: Probe, _ end: RunOutcome, _ container: Container) {
        forget(exec, of: container)
        switch end {
        // The end of a container ends its checks, and they are reaped first; that is no sign of its health.
        case .exited(.signaled(.kill, _), _) where container.lifecycle.state.kind == .stopping:
            postHealth(container, .probeEnded(probe.number, .noContainer))
        case .exited(let status, _):
            postHealth(container, .probeEnded(probe.number, .exited(code: status.code, probe.output)))
        case .failed(let failure):
            postHealth(container, .probeEnded(probe.number, .notStarted(failure.message)))
        }
    }
}
