internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
internal import Model
internal import NIOCore
internal import Runs
internal import Supervision

// Launches of processes: preparation on a worker at the first start, then one message to the keeper for every run.
extension Engine {
    func launch(_ container: Container, _ origin: LaunchOrigin) {
        switch origin {
        case .supervisorStart: queueStart(container)
        case .user, .restartCommand, .policy: launchNow(container)
        }
    }

    /// Launches at once, without a turn.
    func launchNow(_ container: Container) {
        if leaveToNextSupervisor(container) || awaitPartners(container) { return }
        leaveLostUnit(container) { engine, container in
            // A kill that was on its way when the last run ended has come to its group since.
            if container.run == nil, container.ground.takeKilled() { engine.releaseResources(container) }
            engine.afterRelease(container) { engine, container in
                guard container.ground.beginPreparing() else { return }
                engine.prepare(container)
            }
        }
    }

    private func prepare(_ container: Container) {
        let id = container.id
        if let filter = container.ground.prepared?.filter { return makeReady(container, filter) }
        // A new engine that found the container running made no filter.
        withFilter(container.spec) { engine, filter in
            guard let container = engine.containers[id] else { return }
            do {
                engine.makeReady(container, try filter.get())
            } catch {
                engine.cannotPrepare(container, error)
            }
        }
    }

    /// A worker's preparation of a container for its next run.
    private struct Readiness {
        let prepared: PreparedContainer
        /// The plan, and the host's shortcomings. The prepared ground stays on a failure.
        let plan: Result<(LaunchRequest, [String]), any Error>
    }

    /// Prepares the missing ground, renews the parts that every run begins with, and plans the run, in one step off the loop. Any
    /// of it may touch files whose paths a user typed.
    private func makeReady(_ container: Container, _ filter: SystemCallFilter) {
        let id = container.id
        let ready: @Sendable () throws -> Readiness
        let partners = partnerRuns(of: container)
        do {
            // A container whose donor does not run is refused before anything is mounted.
            let shared = try sharedNamespaces(container)
            let runtime = try runtime(for: container.spec)
            let standing = container.ground.prepared
            var context = try standing?.context ?? launchContext(container)
            context.shared = shared
            let (described, layers) = (context, layerSource(container))
            let hasLeftovers = standing == nil && container.ground.takeLeftovers()
            ready = {
                var prepared = try standing ?? Self.standUp(described, layers, by: runtime, hasLeftovers: hasLeftovers)
                prepared.filter = filter
                prepared.join(shared)
                let plan = Result {
                    let shortcomings = try runtime.renew(&prepared)
                    let request = try runtime.plan(prepared)
                    return (request, shortcomings + request.warnings)
                }
                return Readiness(prepared: prepared, plan: plan)
            }
        } catch {
            return cannotPrepare(container, error)
        }
        let faults = surroundings.faults
        offload(to: workers) {
            try attributed(to: id, in: faults, ready)
        } then: { engine, result in
            guard let container = engine.containers[id] else { return }
            do {
                let ready = try result.get()
                if container.ground.prepared == nil {
                    for warning in ready.prepared.warnings { engine.warn(container, warning) }
                }
                container.ground.change(to: ready.prepared)
                // Another run of a container has other namespaces to join.
                if engine.partnerRuns(of: container) != partners { return engine.makeReady(container, filter) }
                container.ground.endPreparing()
                engine.attributing(id) { engine.spawn(container, ready.plan) }
            } catch {
                engine.cannotPrepare(container, error)
            }
        }
    }

    private static func standUp(
        _ described: LaunchContext, _ layers: () throws -> RootfsSource, by runtime: any IsolationRuntime,
        hasLeftovers: Bool
    ) throws -> PreparedContainer {
        var context = described
        context.rootfs = try layers()
        if hasLeftovers { try? runtime.discard(context) }
        let prepared = try runtime.prepare(context)
        if runtime.isClear(prepared) { return prepared }
        try runtime.discard(context)
        return try runtime.prepare(context)
    }

    private func cannotPrepare(_ container: Container, _ error: any Error) {
        container.ground.endPreparing()
        post(container, .spawnFailed(StartFailure(planning: error, places)))
    }

    private func spawn(_ container: Container, _ plan: Result<(LaunchRequest, [String]), any Error>) {
        if leaveToNextSupervisor(container) { return }
        do {
            let (request, warnings) = try plan.get()
            for warning in warnings { warn(container, warning) }
            let process = container.spec.process
            // Opening a pipe or a terminal of the host's never blocks.
            let streams = try StandardStreams.open(
                terminal: process.terminal, openStdin: process.openStdin, height: process.consoleHeight,
                width: process.consoleWidth, outlives: true)
            try openLog(container)
            var order = RunOrder(
                plan: request.plan, descriptors: request.descriptors, streams: streams,
                owner: .container(container.id), key: container.id.text)
            order.log = container.output.isLogOpen ? container.id : nil
            order.memory = memoryWatch(container)
            order.isListening = !container.output.clients.isEmpty
            let run = try runs.begin(order)
            container.run = run
            for client in container.output.clients { client.began(feed: run.number) }
        } catch {
            post(container, .spawnFailed(StartFailure(planning: error, places)))
        }
    }

    func warn(_ container: Container, _ warning: String) {
        log.warning("\(warning)", metadata: ["container": "\(container.id.short)", "name": "\(container.name)"])
    }

    func launchContext(_ container: Container) throws(EngineError) -> LaunchContext {
        var context = LaunchContext(
            id: container.id, spec: container.spec, rootfs: .host, runDirectory: runDirectory(container))
        context.initPath = configuration.programs + "/sereno-keeper"
        if container.spec.initProcess == nil, configuration.defaultInit { context.spec.initProcess = true }
        context.dataDirectory = records.directory(of: container.id)
        // The prepared ground does not depend on it, and a start looks it up again.
        context.shared = (try? sharedNamespaces(container)) ?? SharedNamespaces()
        context.delegatedGroup = container.bond.place?.controlGroup
        if let socket = container.bond.place?.notifySocket { try pass(socket, to: &context) }
        return context
    }

    /// Directory of a container's files for its runs.
    func runDirectory(_ container: Container) -> String { configuration.execRoot + "/containers/" + container.id.text }

    /// The runs whose namespaces the next run joins.
    private func partnerRuns(of container: Container) -> [RunID?] {
        containers.partners(of: container).map { $0.run?.number }
    }

    /// Namespaces that `container:ID` modes join; the other container must run. It reads /proc and files of the engine's own
    /// below the exec root, which never block.
    private func sharedNamespaces(_ container: Container) throws(EngineError) -> SharedNamespaces {
        var shared = SharedNamespaces()
        if let other = try partner(container.spec.network.mode.partner) {
            shared.network = other.ground.prepared?.network
        }
        if let other = try partner(container.spec.namespaces.ipc.partner, joining: "IPC") {
            let donor = try donorProcess(other, joining: "IPC")
            shared.ipc = SharedDescriptor.openNamespace("ipc", ofProcess: donor.number)
            // The number is the donor's if that still lives.
            guard donor.isAlive() else { throw Self.notRunning(other, joining: "IPC") }
            shared.ipcPath = "/proc/\(donor.number)/ns/ipc"
            shared.shmPath = other.ground.prepared.flatMap { LaunchContext.sharedMemory(of: $0.context) }
            guard shared.shmPath != nil else {
                throw EngineError(
                    .badRequest,
                    "failed to join IPC namespace: container \(other.id.text): non-shareable IPC "
                        + "(hint: use IpcMode:shareable for the donor container)")
            }
        }
        if let other = try partner(container.spec.namespaces.pid.partner, joining: "PID") {
            let donor = try donorProcess(other, joining: "PID")
            shared.pid = donor.pidfd
            shared.pidPath = "/proc/\(donor.number)/ns/pid"
        }
        return shared
    }

    private static func open(process number: Int) -> SharedDescriptor? {
        guard let opened = try? Pidfd(process: Int32(clamping: number)) else { return nil }
        return SharedDescriptor(takingOwnershipOf: opened.intoDescriptor().release())
    }

    /// Number of a container's first process, which an OCI runtime stands before; `nil` when it has none. It is read from a file
    /// below the exec root, which no container can reach, and from /proc.
    func firstProcess(of container: Container) -> Int? {
        guard let number = container.run?.pid, number > 0,
            let runtime = try? runtime(for: container.spec)
        else { return nil }
        guard let prepared = container.ground.prepared else { return runtime is OCIIsolation ? nil : number }
        return runtime.firstProcess(of: prepared, launched: number)
    }

    /// Whether the next run can be planned on the ground of the last. The state of an OCI runtime below the exec root shows it,
    /// and its control group.
    func isClear(_ container: Container) -> Bool {
        guard let prepared = container.ground.prepared, let runtime = try? runtime(for: container.spec) else {
            return true
        }
        return runtime.isClear(prepared)
    }

    /// The process whose namespaces are joined.
    private struct DonorProcess {
        let number: Int
        let pidfd: SharedDescriptor

        func isAlive() -> Bool {
            guard let copy = try? pidfd.duplicateNumber() else { return false }
            return Pidfd(adopting: OwnedDescriptor(adopting: copy)).isAlive
        }
    }

    /// The process whose namespaces are joined; an OCI runtime takes a moment to make it, and reports it by number. The process
    /// opened by that number is the right one when the runtime reports the same number afterwards.
    private func donorProcess(_ donor: Container, joining kind: String) throws(EngineError) -> DonorProcess {
        guard let number = firstProcess(of: donor),
            let pidfd = number == donor.run?.pid ? donor.run?.pidfd : Self.open(process: number),
            firstProcess(of: donor) == number
        else { throw Self.notRunning(donor, joining: kind) }
        return DonorProcess(number: number, pidfd: pidfd)
    }

    private static func notRunning(_ donor: Container, joining kind: String) -> EngineError {
        EngineError(.conflict, "failed to join \(kind) namespace: container \(donor.id.text) is not running")
    }

    /// The container that a mode names, which must run. Docker's message for a network differs from the others.
    private func partner(_ reference: String?, joining kind: String? = nil) throws(EngineError) -> Container? {
        guard let reference else { return nil }
        let other: Container
        do throws(EngineError) { other = try containers.resolve(reference) } catch {
            if kind != nil { throw error }
            throw EngineError(.failed, "joining network namespace of container: \(error.message)")
        }
        guard other.run != nil, other.lifecycle.snapshot.running else {
            if let kind { throw Self.notRunning(other, joining: kind) }
            throw EngineError(
                .conflict,
                "cannot join network namespace of a non running container: container \(other.name) is "
                    + other.lifecycle.snapshot.status.rawValue)
        }
        return other
    }

    /// Shares of the holdings in a run, to be collected on a worker, as they read files.
    func layerSource(_ container: Container) -> @Sendable () throws -> RootfsSource {
        let (id, spec, holdings) = (container.id, container.spec, holdings)
        let directory = records.directory(of: container.id) + "/rootfs"
        return {
            let layers = try holdings.flatMap { try $0.ready(spec, for: id).layers }
            return layers.isEmpty ? .host : .overlay(layers: layers, directory: directory)
        }
    }

    // MARK: Signals, freezing, ending

    func send(_ signal: Signal, to container: Container) {
        if let run = container.run { runs.signal(run.number, signal) }
    }

    func killAll(_ container: Container) {
        send(.kill, to: container)
        // The end of the first process of a PID namespace is the end of all in it.
        guard !container.spec.hasOwnProcessNamespace(configuration), let cgroup = container.ground.prepared?.cgroup
        else {
            return
        }
        container.ground.killed()
        // A start must not overtake it, as the next run is born in the same control group.
        let done = hold(container)
        offload(to: workers) {
            try cgroup.killAll()
        } then: { engine, result in
            if case .failure(let error) = result { engine.log.warning("cgroup kill: \(error.inFull)") }
            done.succeed(())
        }
    }

    func freeze(_ container: Container) {
        let id = container.id
        guard let cgroup = container.ground.prepared?.cgroup, let run = container.run?.number else {
            failPause(container, "the host has no control groups to freeze it with")
            return
        }
        // The next run must not be born in a group that is being frozen.
        let done = hold(container)
        offload(to: workers) {
            try cgroup.freeze()
        } then: { engine, result in
            defer { done.succeed(()) }
            guard let container = engine.containers[id] else { return }
            switch result {
            case .success where container.run?.number != run: engine.thaw(container)
            case .success: engine.post(container, .frozen)
            case .failure(let error): engine.failPause(container, engine.places.sentence(of: error))
            }
        }
    }

    func failPause(_ container: Container, _ why: String) {
        for promise in container.requests.take(.pause) {
            promise.fail(EngineError(.failed, "Cannot pause container \(container.id.text): \(why)"))
        }
    }

    func thaw(_ container: Container) {
        guard let cgroup = container.ground.prepared?.cgroup else { return }
        let done = hold(container)
        offload(to: workers) {
            try cgroup.thaw()
        } then: { engine, result in
            if case .failure(let error) = result { engine.log.warning("thaw: \(error.inFull)") }
            done.succeed(())
        }
    }

    func releaseResources(_ container: Container) {
        closeLog(container)
        guard let runtime = try? runtime(for: container.spec) else { return }
        let discard: @Sendable () throws -> Void
        if let prepared = container.ground.prepared {
            discard = { try runtime.release(prepared) }
        } else if container.ground.hasLeftovers, let context = try? launchContext(container) {
            let (layers, directory) = (layerSource(container), records.directory(of: container.id) + "/rootfs")
            discard = {
                var context = context
                // What is mounted is taken down although its image cannot be read any more.
                context.rootfs = (try? layers()) ?? .overlay(layers: [], directory: directory)
                try runtime.discard(context)
            }
        } else {
            return
        }
        container.ground.forget()
        let before = container.ground.released ?? loop.makeSucceededVoidFuture()
        let done = hold(container)
        before.whenComplete { _ in
            self.offload(to: self.workers) {
                try discard()
            } then: { engine, result in
                if case .failure(let error) = result { engine.log.warning("release: \(error.inFull)") }
                done.succeed(())
            }
        }
    }

    /// Holds the next start and removal of a container until this promise and every earlier one are completed.
    func hold(_ container: Container) -> EventLoopPromise<Void> {
        let done = loop.makePromise(of: Void.self)
        let all = container.ground.hold(until: done.futureResult)
        let id = container.id
        all.whenComplete { _ in
            self.assumeIsolated { engine in
                engine.containers[id]?.ground.endHold(all)
            }
        }
        return done
    }

    /// Continues once the resources of an earlier run are released, so that a start cannot overtake the unmounting.
    func afterRelease(_ container: Container, _ body: @escaping @Sendable (isolated Engine, Container) -> Void) {
        guard let released = container.ground.released else {
            body(self, container)
            return
        }
        let id = container.id
        released.whenComplete { _ in
            self.assumeIsolated { engine in
                if let container = engine.containers[id] { body(engine, container) }
            }
        }
    }

    func removeFiles(_ container: Container) {
        // An engine that died during a removal left the resources that it had not released.
        if container.ground.hasLeftovers { releaseResources(container) }
        afterRelease(container) { engine, container in
            let id = container.id
            let records = engine.records
            engine.offload(to: engine.storeThread) {
                try records.remove(id)
            } then: { engine, result in
                guard let container = engine.containers[id] else { return }
                switch result {
                case .success: engine.post(container, .removed)
                case .failure(let error): engine.post(container, .removeFailed(engine.places.sentence(of: error)))
                }
            }
        }
    }
}

extension ContainerSpec {
    /// Whether its first process is PID 1 of a namespace of its own.
    func hasOwnProcessNamespace(_ configuration: EngineConfiguration) -> Bool {
        runtime.or(configuration.defaultRuntime) == .native && (namespaces.pid == .unset || namespaces.pid == .own)
    }
}
