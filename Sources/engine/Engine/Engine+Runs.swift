internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
internal import Model
internal import Records
internal import Runs
internal import Supervision

// Events of runs.
extension Engine {
    func hear(_ news: Runs.News) { runs.hear(news, tell) }

    /// Handles an event of a run.
    func tell(_ event: RunEvent) {
        switch event {
        case .began(let owner, let number, let pid, let pidfd, let at): began(owner, number, pid, pidfd, at)
        case .warned(let owner, let text): if let container = container(of: owner) { warn(container, text) }
        case .ended(let owner, let number, let status): readMemory(owner, number, status)
        case .over(let conclusion): conclude(conclusion)
        case .strayOver(let number): if faultySlots.remove(number) == nil { runs.forget(number) }
        case .output(let owner, let feed, let stream, let bytes): deliver(owner, feed, stream, bytes)
        case .logGrown(let id): wakeFollowers(id)
        case .memoryChanged(let id, let number): memoryChanged(id, number)
        case .inputClosed(let owner, let number): update(owner, number) { $0.holdsInput = false }
        case .replace: replaceRequested()
        case .replaced(let report): replacementKnown(report)
        case .keeperGone:
            log.critical("the keeper is gone; this engine ends and leaves the containers as they are")
            onKeeperGone()
        }
    }

    /// Container of a run; for an exec the one it runs in.
    private func container(of owner: RunOwner) -> Container? {
        switch owner {
        case .container(let id), .exec(_, let id): containers[id]
        case .stray: nil
        }
    }

    func update(_ owner: RunOwner, _ number: RunID, _ change: (inout Run) -> Void) {
        switch owner {
        case .container(let id):
            guard var run = containers[id]?.run, run.number == number else { return }
            change(&run)
            containers[id]?.run = run
        case .exec(let exec, let id):
            guard let exec = containers[id]?.execs[exec], var run = exec.run else { return }
            change(&run)
            exec.run = run
        case .stray: break
        }
    }

    private func began(
        _ owner: RunOwner, _ number: RunID, _ pid: Int, _ pidfd: SharedDescriptor?, _ at: MonotonicInstant
    ) {
        let identity = pidfd.flatMap { surroundings.processes.identify(Int32(clamping: pid), $0) }
        update(owner, number) { run in
            run.pid = pid
            run.pidfd = pidfd
            if let identity { run.recorded = RecordedProcess(identity: identity, outputs: run.outputs) }
        }
        switch owner {
        case .container(let id): if let container = containers[id] { post(container, .spawned, at: at) }
        case .exec(let exec, let id):
            if let container = containers[id], let exec = container.execs[exec] { execSpawned(exec, container) }
        case .stray: break
        }
    }

    /// The end of a run as users are told of it.
    private func told(_ end: RunOutcome) -> RunOutcome {
        guard case .failed(var failure) = end else { return end }
        failure.message = places.hidden(in: failure.message)
        return .failed(failure)
    }

    private func conclude(_ conclusion: RunConclusion) {
        let (number, end) = (conclusion.number, told(conclusion.end))
        switch conclusion.owner {
        case .container(let id):
            guard let container = containers[id] else { return }
            if container.run?.holdsInput == true { runs.dropInput(number) }
            container.run = nil
            if container.ground.takeKilled() || !isClear(container) { releaseResources(container) }
            endRun(forClientsOf: container)
            wakeFollowers(id)
            abandonExecs(of: container)
            failPause(container, "it has ended")
            switch end {
            case .exited(let status, let at): post(container, LifecycleEvent(status, conclusion.memory), at: at)
            case .failed(let failure): post(container, .spawnFailed(failure))
            }
            acknowledge(number, container)
        case .exec(let name, let id):
            guard let container = containers[id], let exec = container.execs[name] else { return }
            if exec.run?.holdsInput == true { runs.dropInput(number) }
            exec.run = nil
            execEnded(exec, end, container)
            runs.forget(number)
        case .stray: break
        }
    }
}

extension LifecycleEvent {
    /// End of a run with its memory accounts.
    init(_ status: ExitStatus, _ memory: RunMemory) {
        switch memory {
        case .unremarkable: self = .exited(status, outOfMemory: false)
        case .told(let account): self = .exited(status, outOfMemory: account.ranOut, memory: account)
        }
    }
}

extension StartFailure {
    /// A failure before the request to the keeper.
    init(planning error: any Error, _ places: OwnPlaces, of attempt: Attempt = .container) {
        if case .program(let name, let code)? = error as? IsolationError {
            self.init(executing: name, code: code, attempt)
        } else {
            self.init(exitCode: 128, message: places.sentence(of: error))
        }
    }
}
