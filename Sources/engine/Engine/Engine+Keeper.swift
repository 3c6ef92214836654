internal import Isolation
internal import KeeperClient
internal import KeeperProtocol
internal import LaunchPlan
internal import Lifecycle
internal import Linux
internal import Model
internal import NIOCore

// What the pump and the keeper tell.
extension Engine {
    func hear(_ event: OutputPump.Event) {
        switch event {
        case .keeper(let event): hear(event)
        case .keeperGone: keeperGone()
        case .output(let feed, let stream, let bytes): deliver(feed, stream, bytes)
        case .logGrown(let id): wakeFollowers(id)
        case .memoryChanged(let feed): memoryChanged(feed)
        case .inputClosed(let feed):
            do { try keeper.drop(name: Self.inputName(feed)) } catch { keeperFailed(error) }
            update(feed) { $0.holdsInput = false }
        case .drained(let feed, let lost):
            if lost > 0 { log.error("log bytes dropped", metadata: ["run": "\(feed)", "bytes": "\(lost)"]) }
            if case .stray? = runs[feed] {
                runs[feed] = nil
                if faultySlots.remove(feed) == nil { forgetSlot(feed) }
                return
            }
            update(feed) { $0.drained = true }
            conclude(feed)
        }
    }

    func hear(_ event: KeeperEvent) {
        guard handover == nil else {
            hearHandover(event)
            return
        }
        switch event {
        case .hello, .slot, .held, .handoverDone: break
        case .spawned(let slot, let pid, let at, let process):
            spawned(slot.value, pid: Int(pid), at: at.monotonic, process)
        case .spawnWarning(let slot, _, let step, let code):
            if let container = owner(slot.value) { warn(container, "\(step): \(LinuxError.text(code)), left as it is") }
        case .spawnFailed(let slot, let failure):
            let number = slot.value
            let plan = run(number)?.plan ?? Plan(operations: [])
            let attempt: StartFailure.Attempt = if case .exec? = runs[number] { .exec } else { .container }
            update(number) { $0.end = .failed(StartFailure(failure, in: plan, of: attempt)) }
            update(number) { $0.memory = .unremarkable }
            pump?.send(.finish(feed: number, grace: .zero))
        case .exited(let slot, let exit):
            let number = slot.value
            update(number) { $0.end = .exited(exit.status, exit.at.monotonic) }
            readMemory(number, exit.status)
            pump?.send(.finish(feed: number, grace: Self.drainGrace))
        case .signalFailed: break
        case .orphans, .pong: break
        case .replace: replaceRequested()
        case .ping(let token):
            do { try keeper.pong(token) } catch { keeperFailed(error) }
        case .replaced(let replacement): replacementKnown(replacement)
        case .lineage: break
        case .refused(let error, let kind):
            log.error("the keeper refused a frame", metadata: ["kind": "\(kind)", "error": "\(error)"])
        }
    }

    /// A run's container; for an exec the one it runs in.
    func owner(_ number: UInt64) -> Container? {
        return switch runs[number] {
        case .container(let id), .exec(_, let id): containers[id]
        case .stray, nil: nil
        }
    }

    private func run(_ number: UInt64) -> Run? {
        return switch runs[number] {
        case .container(let id): containers[id]?.run
        case .exec(let exec, let id): containers[id]?.execs[exec]?.run
        case .stray, nil: nil
        }
    }

    func update(_ number: UInt64, _ change: (inout Run) -> Void) {
        switch runs[number] {
        case .container(let id):
            guard var run = containers[id]?.run, run.number == number else { return }
            change(&run)
            containers[id]?.run = run
        case .exec(let exec, let id):
            guard let exec = containers[id]?.execs[exec], var run = exec.run else { return }
            change(&run)
            exec.run = run
        case .stray, nil: break
        }
    }

    private func spawned(_ number: UInt64, pid: Int, at: MonotonicInstant, _ process: PassedDescriptors) {
        let pidfd = process.takeShared(0)
        let identity = pidfd.flatMap { surroundings.processes.identify(Int32(clamping: pid), $0) }
        update(number) { run in
            run.pid = pid
            run.pidfd = pidfd
            run.plan = nil
            if let identity { run.recorded = RecordedProcess(identity: identity, outputs: run.outputs) }
        }
        switch runs[number] {
        case .container(let id):
            if let container = containers[id] { post(container, .spawned, at: at) }
        case .exec(let exec, let id):
            if let container = containers[id], let exec = container.execs[exec] { execSpawned(exec, container) }
        case .stray, nil: break
        }
    }

    /// A run is over when its process ended, its output was read and its memory accounts were looked at.
    func conclude(_ number: UInt64) {
        guard let run = run(number), run.drained, let memory = run.memory, let end = run.end else { return }
        switch runs[number] {
        case .container(let id):
            guard let container = containers[id] else { return }
            container.run = nil
            endRun(number, run)
            if container.ground.takeKilled() || !isClear(container) { releaseResources(container) }
            endRun(forClientsOf: container)
            wakeFollowers(id)
            abandonExecs(of: container)
            failPause(container, "it has ended")
            switch end {
            case .exited(let status, let at): post(container, LifecycleEvent(status, memory), at: at)
            case .failed(let failure): post(container, .spawnFailed(failure))
            }
            acknowledge(number, container)
        case .exec(let name, let id):
            guard let container = containers[id], let exec = container.execs[name] else { return }
            exec.run = nil
            endRun(number, run)
            execEnded(exec, end, container)
            forgetSlot(number)
        case .stray, nil: break
        }
    }

    private func endRun(_ number: UInt64, _ run: Run) {
        runs[number] = nil
        if run.holdsInput {
            do { try keeper.drop(name: Self.inputName(number)) } catch { keeperFailed(error) }
        }
    }

    func forgetSlot(_ number: UInt64) {
        do { try keeper.forget(SlotNumber(number)) } catch { keeperFailed(error) }
    }

    func keeperFailed(_ error: KeeperError) {
        log.error("the keeper did not take a message", metadata: ["error": "\(error)"])
    }

    private func keeperGone() {
        log.critical("the keeper is gone; this engine ends and leaves the containers as they are")
        onKeeperGone()
    }
}

extension LifecycleEvent {
    /// The end of a run with what is known of its memory.
    init(_ status: ExitStatus, _ memory: Run.Memory) {
        switch memory {
        case .unremarkable: self = .exited(status, outOfMemory: false)
        case .told(let account): self = .exited(status, outOfMemory: account.ranOut, memory: account)
        }
    }
}

extension StartFailure {
    /// What was to be started, in the words that begin the message.
    enum Attempt: String {
        case container = "failed to start container"
        case exec = "exec failed: unable to start container process"
    }

    /// What the keeper found, in the words by which Docker's client tells 126 from 127.
    init(_ failure: LaunchFailure, in plan: Plan, of attempt: Attempt = .container) {
        let problem = LaunchProblem(failure, in: plan)
        if problem.isExecution, case .execute(let arguments, _)? = problem.operation {
            self.init(executing: arguments.first ?? "", code: failure.code, attempt)
        } else {
            self.init(exitCode: 128, message: "\(attempt.rawValue): \(problem)")
        }
    }

    /// What stood in the way before the keeper was asked.
    init(planning error: any Error, of attempt: Attempt = .container) {
        if case .program(let name, let code)? = error as? IsolationError {
            self.init(executing: name, code: code, attempt)
        } else {
            self.init(exitCode: 128, message: describe(error))
        }
    }

    private init(executing program: String, code: Int32, _ attempt: Attempt) {
        let prefix = "\(attempt.rawValue): exec: \"\(program)\": "
        switch code {
        case LinuxError.notFound where !program.contains("/"):
            self.init(exitCode: 127, message: prefix + "executable file not found in $PATH")
        case LinuxError.notFound, LinuxError.notADirectory:
            self.init(exitCode: 127, message: prefix + "stat \(program): no such file or directory")
        case LinuxError.accessDenied: self.init(exitCode: 126, message: prefix + "permission denied")
        case LinuxError.isADirectory: self.init(exitCode: 126, message: prefix + "is a directory")
        default: self.init(exitCode: 126, message: prefix + LinuxError.text(code).lowercased())
        }
    }
}
