internal import Isolation
internal import KeeperClient
internal import LaunchPlan
internal import Lifecycle
public import Linux
internal import Model
internal import NIOCore
internal import Store

/// What the keeper hands over when an engine comes up.
struct Handover {
    var keeper = 0
    /// The number of the first keeper whose state this one has; `nil` with a keeper that has none.
    var lineage: UInt64?
    /// How many keepers there were of it.
    var keepers = 1
    var slots: [HandedSlot] = []
    var held: [String: SharedDescriptor] = [:]
    /// What became known of processes while their slots were still being handed over.
    var news: [KeeperEvent] = []
    var done: EventLoopPromise<Void>
}

// Coming up: what the disk says and what the keeper holds become containers again.
extension Engine {
    /// Reads the store, takes over what the keeper holds, and decides about every container. Returns the descriptors
    /// that an earlier engine left with the keeper, by name. Throws `NewerRecords` when a later version has written some of them:
    /// what this one would not see it could not keep up.
    public func recover() async throws -> [String: SharedDescriptor] {
        let loaded = try await loadRecords()
        if let newer = NewerRecords(among: loaded.damaged) { throw newer }
        for stored in loaded.records { attributing(stored.id) { restore(stored) } }
        await recoverHealth()
        await loadProfiles()
        let handover = try await greetKeeper()
        var mark = surroundings.identify(handover.keeper)
        mark.lineage = handover.lineage
        keeperProcess = handover.keeper
        boot = mark.boot
        let previous = lastMark(heldIn: handover.held, mark)
        let end = mark.end(of: previous)
        let isSameKeeper = previous.map { mark.boot == $0.boot && mark.isSameKeeper(as: $0) } ?? false
        let mayHaveSurvivors = previous?.boot == mark.boot && !isSameKeeper
        log.info("recovered", metadata: ["containers": "\(containers.count)", "after": "\(end.rawValue)"])
        // Those with a run, and of them those whose run is over and only not decided about.
        var (alive, ended): (Set<ContainerID>, Set<ContainerID>) = ([], [])
        do {
            pump?.send(.hold(try OutputHold(handover.held, keeper: keeper)))
        } catch {
            log.error("output cannot be held: killing this engine may lose some", metadata: ["error": "\(error)"])
        }
        // Every log is open before the first output is read: one of them may wait for what the last engine had in hand.
        var feeds: [Feed.Setup] = []
        let slots = handover.slots.sorted { $0.slot < $1.slot }
        let newest = Dictionary(slots.map { ($0.key, $0.slot) }, uniquingKeysWith: { $1 })
        for slot in slots {
            if newest[slot.key] != slot.slot, takeUpEarlier(slot) { continue }
            if let id = attributing(ContainerID(slot.key), { adopt(slot, handover.held, &feeds) }) {
                alive.insert(id)
                if slot.hasEnded { ended.insert(id) }
            }
        }
        if mayHaveSurvivors { await findAgain(&alive, after: end, &feeds) }
        for feed in feeds { pump?.send(.add(feed)) }
        // An engine may have come up with the machine and died with its keeper before its mark was written.
        // And a keeper in its last moment may have made a process that its successor was not given.
        if !isSameKeeper { await killSurvivors(except: alive.subtracting(ended)) }
        for container in containers.all { attributing(container.id) { resumeHealth(container) } }
        recovering = true
        for container in containers.all.sorted(by: { ($0.created, $0.id) < ($1.created, $1.id) }) {
            let isAlive = alive.contains(container.id)
            if isAlive, awaitStart(container, slots) { continue }
            post(container, .supervisorStarted(after: end, alive: isAlive), at: began(container, slots, isAlive))
        }
        for slot in slots { attributing(ContainerID(slot.key)) { finishHandover(slot) } }
        let news = self.handover?.news ?? []
        self.handover = nil
        for event in news { hear(event) }
        beginStarts()
        // Behind what was decided: an engine that dies before this decides once more, as after the same end.
        await write(mark)
        hasRecovered = true
        acquitLater()
        return handover.held
    }

    private func restore(_ stored: StoredContainer<ContainerRecord, ContainerStateRecord>) {
        let spec = stored.record.spec
        let lifecycle = ContainerLifecycle(
            settings: spec.lifecycleSettings, record: stored.state?.record ?? RunRecord())
        let name = stored.state?.name ?? ContainerName("recovered_" + stored.id.short)
        // Another may have been given the name while this one was set aside.
        let free = name.flatMap { containers.holder(of: $0) == nil ? $0 : nil }
        guard let free = free ?? ContainerName("recovered_" + stored.id.short) else { return }
        let container = Container(
            id: stored.id, name: free, created: stored.record.created, spec: spec, lifecycle: lifecycle)
        container.ground.expectLeftovers()
        container.memory = MemoryCount(baseline: stored.state?.memory)
        container.lastProcess = stored.state?.process
        container.bond = Bond(place: stored.state?.place, stopBoot: stored.state?.stopBoot)
        containers.insert(container)
    }

    private func greetKeeper() async throws -> Handover {
        let promise = loop.makePromise(of: Void.self)
        handover = Handover(done: promise)
        pump = try OutputPump(in: surroundings, loop: loop) { event in
            self.assumeIsolated { $0.hear(event) }
        }
        try keeper.hello()
        try await promise.futureResult.get()
        guard let complete = handover else { throw EngineError(.failed, "the keeper handed nothing over") }
        return complete
    }

    func hearHandover(_ event: KeeperEvent) {
        switch event {
        case .hello(let pid, _, _): handover?.keeper = Int(pid)
        case .slot(let slot):
            handover?.slots.append(slot)
            nextRun = max(nextRun, slot.slot.value + 1)
        case .held(let name, let descriptor):
            if let descriptor = descriptor.takeShared(0) { handover?.held[name] = descriptor }
        case .handoverDone: handover?.done.succeed(())
        case .lineage(let number, let keepers):
            handover?.lineage = number
            handover?.keepers = keepers
        case .ping(let token):
            do { try keeper.pong(token) } catch { keeperFailed(error) }
        case .refused(.wrongVersion, kind: 1):
            handover?.done.fail(
                EngineError(
                    .failed,
                    "the running keeper is of another version than this engine: restart the service instead of reloading it"
                ))
        case .spawned, .spawnWarning, .spawnFailed, .exited, .signalFailed, .orphans, .pong, .replace, .refused,
            .replaced:
            handover?.news.append(event)
        }
    }

    /// Makes a run of a slot again; the container it belongs to, if it is one that lives or whose end is not recorded.
    private func adopt(
        _ slot: HandedSlot, _ held: [String: SharedDescriptor], _ feeds: inout [Feed.Setup]
    ) -> ContainerID? {
        let number = slot.slot.value
        guard slot.kind == .container, let id = ContainerID(slot.key), let container = containers[id] else {
            adoptStray(slot, &feeds)
            return nil
        }
        if isRecorded(slot, container) {
            forgetSlot(number)
            return nil
        }
        catchUp(container, with: slot)
        findStart(container, slot)
        var run = Run(number: number)
        run.pid = Int(slot.processNumber)
        run.pidfd = slot.process.takeShared(0)
        let kept = (0..<slot.kept.count).compactMap { slot.kept.takeShared($0) }
        let input = held[Self.inputName(number)]
        run.terminal = container.spec.process.terminal ? kept.first : nil
        run.holdsInput = input != nil
        if let last = container.lastProcess, last.identity.number == slot.processNumber {
            run.recorded = last
            run.outputs = last.outputs
        }
        container.run = run
        runs[number] = .container(id)
        if let runtime = try? isolation.runtime(for: container.spec), let context = try? recoveredContext(container) {
            // Everything stands: this only finds it again.
            container.ground.find(try? runtime.prepare(context))
        }
        if container.memory.baseline == nil, let reading = container.ground.prepared?.cgroup?.memory() {
            // An older engine kept no count: what was killed until now is not held against this run.
            _ = container.memory.close(reading)
        }
        // The engine before may have killed the group and died over it.
        container.ground.mayHaveBeenKilled(!container.spec.hasOwnProcessNamespace(configuration))
        try? openLog(container)
        feeds.append(
            Feed.Setup(
                feed: number, log: container.output.isLogOpen ? id : nil, stdout: kept.first,
                stderr: kept.count > 1 ? kept[1] : nil, stdin: input, memory: memoryWatch(container),
                listening: false))
        return id
    }

    /// An exec lost its client with the engine, and a container that is gone has no record: what still runs is let run, its
    /// output read so that it never waits. A check of somebody's health is ended: it is made again.
    private func adoptStray(_ slot: HandedSlot, _ feeds: inout [Feed.Setup]) {
        let number = slot.slot.value
        // The keeper holds on to what belongs to a container that is set aside, until somebody knows again what to make of it.
        let isFaulty = ContainerID(slot.key).map(faulty.contains) ?? false
        switch slot.state {
        case .exited, .failed: if !isFaulty { forgetSlot(number) }
        case .starting, .running:
            runs[number] = .stray
            if isFaulty { faultySlots.insert(number) }
            feeds.append(
                Feed.Setup(
                    feed: number, log: nil, stdout: slot.kept.takeShared(0),
                    stderr: slot.kept.count > 1 ? slot.kept.takeShared(1) : nil, stdin: nil, listening: false))
            guard slot.key.hasPrefix(Self.probeKey) else { return }
            do { try keeper.signal(slot.slot, .kill) } catch { keeperFailed(error) }
        }
    }

    /// What ended while no engine was there is told after every container knows that a supervisor came up.
    private func finishHandover(_ slot: HandedSlot) {
        let number = slot.slot.value
        guard case .container? = runs[number] else { return }
        switch slot.state {
        case .starting, .running: break
        case .exited(let exit, _):
            update(number) { $0.end = .exited(exit.status, exit.at.monotonic) }
            readMemory(number, exit.status)
            pump?.send(.finish(feed: number, grace: Self.drainGrace))
        case .failed(let failure):
            update(number) { run in
                run.end = .failed(StartFailure(failure, in: Plan(operations: [])))
                run.memory = .unremarkable
            }
            pump?.send(.finish(feed: number, grace: .zero))
        }
    }

    /// A keeper that died left its containers without a parent who could tell how they end: they are ended before
    /// their policies decide, so that none ever runs twice. Of every container, as a process is made beside the writing of its
    /// record, which may still tell of none.
    private func killSurvivors(except alive: Set<ContainerID>) async {
        var suspects: [(runtime: any IsolationRuntime, context: LaunchContext)] = []
        for container in containers.all where !alive.contains(container.id) {
            guard let runtime = try? isolation.runtime(for: container.spec) else { continue }
            var context = LaunchContext(
                id: container.id, spec: container.spec, rootfs: .host, runDirectory: runDirectory(container))
            context.delegatedGroup = container.bond.place?.controlGroup
            suspects.append((runtime, context))
        }
        let looked = suspects
        let found = try? await work {
            looked.filter { runtime, context in
                let groups = runtime.groups(of: context).filter(\.isPopulated)
                for group in groups { try? group.killAll() }
                return !groups.isEmpty
            }.map(\.context.id)
        }
        for container in (found ?? []).compactMap({ containers[$0] }) {
            container.ground.expectLeftovers()
            log.warning("ended what a lost keeper left running", metadata: ["name": "\(container.name)"])
        }
    }

    /// A profile that is missing stops each container that is to have it, not the supervisor.
    private func loadProfiles() async {
        let isolation = self.isolation
        guard isolation.hasAppArmor else {
            log.info("AppArmor is not enabled on this host: containers are not confined by it")
            return
        }
        do { try await work { try isolation.loadProfiles() } } catch { log.error("\(describe(error))") }
    }

    func recoveredContext(_ container: Container) throws -> LaunchContext {
        var context = try launchContext(container)
        context.rootfs = try layerSource(container)()
        return context
    }

    // MARK: Going down

    /// Stops every container in order, those that others need last, each by its own rules, all within the configured time; then says goodbye to the
    /// keeper. What was running is started again by the next supervisor as its policy says.
    public func shutdown() async {
        guard !shuttingDown else { return }
        let deadline = clock.monotonic.advanced(by: .seconds(Int64(clamping: configuration.shutdownTimeout)))
        shutdownDeadline = deadline
        // Only then it is known what runs.
        while !hasRecovered, clock.monotonic < deadline, await moment() {}
        await stopInOrder(by: deadline)
        while containers.all.contains(where: \.mayHaveProcess), clock.monotonic < deadline, await moment() {}
        for container in containers.all where container.run != nil { killAll(container) }
        let last = deadline.advanced(by: .seconds(5))
        // What was mounted for them is taken down too, while somebody is there for it.
        while containers.all.contains(where: { $0.mayHaveProcess || $0.outbox.isCarrying || $0.ground.released != nil }
        ),
            clock.monotonic < last, await moment()
        {}
        // Behind every record that is still being written.
        let disk = surroundings.disk
        var mark = SupervisorMark.read(markPath, from: disk)
        mark?.graceful = true
        let path = markPath
        let final = mark
        try? await run(on: storeThread) { try final?.write(path, to: disk) }
        try? keeper.exit()
    }

    /// Waits five milliseconds; false when the loop has ended, and nothing will change any more.
    func moment() async -> Bool {
        do {
            try await loop.scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
            return true
        } catch {
            return false
        }
    }

    /// Leaves a descriptor, such as the listening socket, with the keeper for the next engine.
    public func hold(_ descriptor: SharedDescriptor, name: String) throws {
        try keeper.hold(BorrowedDescriptor(rawValue: descriptor.rawValue), name: name)
    }
}
