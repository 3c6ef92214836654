internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
public import Model
internal import NIOCore
public import Runs
public import Supervision

// Processes beside a container's first one.
extension Engine {
    /// Prepares a process inside a running container, whose user has to be one there; returns the exec ID.
    public func createExec(_ reference: String, _ spec: ExecSpec) async throws(EngineError) -> String {
        var container = try containers.resolve(reference)
        try checkAccess(container, .exec, reference)
        if !spec.user.isEmpty, let prepared = container.ground.prepared {
            do { try await work { try prepared.checkUser(spec.user) } } catch {
                throw EngineError(.badRequest, places.sentence(of: error))
            }
            container = try containers.resolve(container.id.text)
            try checkAccess(container, .exec, reference)
        }
        guard !spec.arguments.isEmpty else { throw EngineError(.badRequest, "No exec command specified") }
        guard DetachKeys(parsing: spec.detachKeys) != nil else {
            throw EngineError(.badRequest, "Invalid escape keys (\(spec.detachKeys)) provided")
        }
        try makeRoom(for: spec, in: container)
        return addExec(container, spec).id
    }

    func addExec(_ container: Container, _ spec: ExecSpec) -> Exec {
        let exec = Exec(id: surroundings.makeID().text, spec: spec, created: clock.monotonic)
        container.execs[exec.id] = exec
        execs[exec.id] = container.id
        execBytes += exec.size
        emitExec("exec_create", exec, container)
        return exec
    }

    /// Emits an exec event, with program and arguments behind the action. The space between them is there even without arguments.
    private func emitExec(_ action: String, _ exec: Exec, _ container: Container) {
        let arguments = exec.spec.arguments
        let text = "\(action): \(arguments.first ?? "") \(arguments.dropFirst().joined(separator: " "))"
        emitContainer(text, container, ["execID": exec.id])
    }

    func checkAccess(
        _ container: Container, _ access: ContainerLifecycle.Access, _ reference: String
    ) throws(EngineError) {
        guard let refusal = container.lifecycle.refusal(of: access) else { return }
        throw EngineError(refusal, container: container, reference: reference)
    }

    /// Starts an exec, detached without a sink. Returns when the process runs, or could not run.
    public func startExec(
        _ id: String, sink: (any AttachSink)?, height: Int, width: Int
    ) async throws(EngineError) -> (any AttachInput)? {
        guard let owner = execs[id], let container = containers[owner], let exec = container.execs[id] else {
            throw EngineError(.notFound, "No such exec instance: \(id)")
        }
        guard !exec.started else { throw EngineError(.conflict, "exec \(id) has already run") }
        try checkAccess(container, .exec, owner.text)
        guard let prepared = container.ground.prepared, let pidfd = container.run?.pidfd else {
            throw EngineError(.conflict, "container \(owner.text) is not running")
        }
        try checkRoomToRun(exec)
        exec.started = true
        var client: AttachedClient?
        if let sink {
            var options = AttachOptions()
            options.stdin = exec.spec.attachStdin
            options.stdout = exec.spec.attachStdout
            options.stderr = exec.spec.attachStderr
            options.stream = true
            client = AttachedClient(
                owner: self, loop: loop, target: .exec(id), options: options, sink: sink,
                detachKeys: exec.spec.terminal ? DetachKeys(parsing: exec.spec.detachKeys) : nil)
            exec.client = client
        }
        let promise = loop.makePromise(of: Void.self)
        exec.startPromise = promise
        launchExec(exec, container, prepared, pidfd, height: height, width: width) { [places] error in
            StartFailure(exitCode: 128, message: places.sentence(of: error))
        }
        do {
            try await promise.futureResult.get()
        } catch {
            if sink == nil { throw EngineError(.badRequest, error.sentence) }
        }
        return client
    }

    /// Starts an exec once its filter is there, which it mostly is at once. A later failure ends the exec, as `failure` describes
    /// it.
    func launchExec(
        _ exec: Exec, _ container: Container, _ prepared: PreparedContainer, _ pidfd: SharedDescriptor,
        height: Int, width: Int, failure: @escaping @Sendable (any Error) -> StartFailure
    ) {
        let (id, name) = (container.id, exec.id)
        if let impossible = StartFailure(refusing: exec.spec) {
            return execEnded(exec, .failed(impossible), container)
        }
        withExecFilter(container, prepared) { engine, filter in
            // By now its container may have ended, and a check may have been given up.
            guard let container = engine.containers[id], let exec = container.execs[name] else { return }
            do {
                let filter = try filter.get()
                guard container.run?.pidfd === pidfd else {
                    throw EngineError(.conflict, "container \(id.text) is not running")
                }
                try engine.planExec(
                    exec, container, prepared, pidfd, filter, height: height, width: width, failure: failure)
            } catch {
                engine.execEnded(exec, .failed(failure(error)), container)
            }
        }
    }

    /// Plans an exec off the loop, as the user is looked up in a file of the container's and its terminal is opened there.
    private func planExec(
        _ exec: Exec, _ container: Container, _ prepared: PreparedContainer, _ pidfd: SharedDescriptor,
        _ filter: SystemCallFilter, height: Int, width: Int, failure: @escaping @Sendable (any Error) -> StartFailure
    ) throws {
        var context = ExecContext(arguments: exec.spec.arguments, container: pidfd)
        context.environment = exec.spec.environment
        context.user = exec.spec.user
        context.workingDirectory = exec.spec.workingDirectory
        context.terminal = exec.spec.terminal
        context.privileged = exec.spec.privileged
        context.filter = filter
        let runtime = try runtime(for: container.spec)
        let (described, spec, process) = (context, exec.spec, container.run?.pid)
        let openStdin = spec.attachStdin && exec.client != nil
        let (id, name, faults) = (container.id, exec.id, surroundings.faults)
        offload(to: workers) {
            try attributed(to: id, in: faults) {
                let request = try runtime.plan(described, in: prepared)
                let streams = try StandardStreams.open(
                    terminal: spec.terminal, openStdin: openStdin,
                    height: height > 0 ? height : spec.consoleHeight, width: width > 0 ? width : spec.consoleWidth,
                    root: spec.terminal ? Self.root(ofProcess: process, pidfd) : nil)
                return (request, streams)
            }
        } then: { engine, result in
            guard let container = engine.containers[id], let exec = container.execs[name] else { return }
            do {
                let (request, streams) = try result.get()
                guard container.run?.pidfd === pidfd else {
                    throw EngineError(.conflict, "container \(id.text) is not running")
                }
                try engine.spawnExec(exec, container, request, streams)
            } catch {
                engine.execEnded(exec, .failed(failure(error)), container)
            }
        }
    }

    private func spawnExec(
        _ exec: Exec, _ container: Container, _ request: LaunchRequest, _ streams: StandardStreams
    ) throws {
        var order = RunOrder(
            plan: request.plan, descriptors: request.descriptors, streams: streams,
            owner: .exec(exec.id, container.id),
            key: exec.probe == nil ? exec.id : String((Self.probeKey + exec.id).prefix(64)))
        order.isListening = exec.client != nil
        let run = try runs.begin(order)
        exec.run = run
        exec.client?.began(feed: run.number)
        emitExec("exec_start", exec, container)
    }

    /// Root directory of its first process, held open. A number could be another's by the time it is opened.
    private static func root(ofProcess number: Int?, _ pidfd: SharedDescriptor) -> SharedDescriptor? {
        guard let number, let seen = try? ProcessMounts(ofProcess: number), !ProcessMounts.hasEnded(pidfd) else {
            return nil
        }
        return seen.root
    }

    func execSpawned(_ exec: Exec, _ container: Container) {
        if let probe = exec.probe { postHealth(container, .probeStarted(probe.number)) }
        exec.startPromise?.succeed(())
        exec.startPromise = nil
    }

    func execEnded(_ exec: Exec, _ end: RunOutcome, _ container: Container) {
        defer { exec.client = nil }
        if case .exited(let status, _) = end {
            emitContainer("exec_die", container, ["execID": exec.id, "exitCode": "\(status.code)"])
        }
        if let probe = exec.probe {
            probeEnded(exec, probe, end, container)
            return
        }
        switch end {
        case .exited(let status, _):
            exec.exitCode = Int(status.code)
            exec.client?.finish()
            exec.startPromise?.succeed(())
        case .failed(let failure):
            exec.exitCode = Int(failure.exitCode)
            if let client = exec.client {
                // As in dockerd: the stream was hijacked before, so the text goes where the output would.
                client.sink.write(.stdout, ByteBuffer(string: failure.message + "\r\n"), written: loop.makePromise())
                client.finish()
            }
            exec.startPromise?.fail(EngineError(.badRequest, failure.message))
        }
        exec.startPromise = nil
        remember(exec, of: container)
    }

    /// Forgets execs that were never started, as the container's first process has ended and took all others with it.
    func abandonExecs(of container: Container) {
        for exec in container.execs.values where exec.run == nil && !exec.started {
            forget(exec, of: container)
        }
    }

    /// Abandons an exec whose container is removed. Its end is reported to nobody, but its slot is given back.
    func leave(_ exec: Exec, of container: Container) {
        forget(exec, of: container)
        exec.startPromise?.fail(EngineError(.notFound, "No such exec instance: \(exec.id)"))
        exec.startPromise = nil
        exec.client?.finish()
        exec.client = nil
        guard let run = exec.run else { return }
        runs.leave(run.number)
    }

    /// Sets the size of an exec's terminal, in characters.
    public func resizeExec(_ id: String, height: Int, width: Int) throws(EngineError) {
        guard let owner = execs[id], let exec = containers[owner]?.execs[id] else {
            throw EngineError(.notFound, "No such exec instance: \(id)")
        }
        exec.run?.terminal?.setTerminalSize(rows: height, columns: width)
    }

    /// State of an exec.
    public func inspectExec(_ id: String) throws(EngineError) -> ExecSnapshot {
        guard let owner = execs[id], let exec = containers[owner]?.execs[id] else {
            throw EngineError(.notFound, "No such exec instance: \(id)")
        }
        var snapshot = ExecSnapshot(id: id, containerID: owner, spec: exec.spec)
        snapshot.running = exec.run != nil
        snapshot.exitCode = exec.exitCode
        snapshot.pid = exec.run?.pid ?? 0
        return snapshot
    }
}
