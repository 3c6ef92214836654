internal import Containers
internal import Isolation
internal import Lifecycle
public import Linux
internal import Model
internal import NIOCore
internal import Records
internal import Runs
internal import Supervision

// Start of an engine: the records on the disk and the runs of the keeper become containers again.
extension Engine {
    /// Reads the store, takes over the keeper's runs, and decides about every container. Returns the descriptors that an earlier
    /// engine left with the keeper, by name. Throws `NewerRecords` when a later version has written some of the records: this one
    /// could not keep up fields that it does not know.
    public func recover() async throws -> [String: SharedDescriptor] {
        let loaded = try await loadRecords()
        if let newer = loaded.newerVersion { throw newer }
        for stored in loaded.records { attributing(stored.id) { restore(stored) } }
        let known = Dictionary(uniqueKeysWithValues: containers.all.map { ($0.id, $0.spec) })
        for holding in holdings { holding.reconcile(known) }
        await recoverHealth()
        await loadProfiles()
        let handover = try await greetKeeper()
        var mark = surroundings.identify(handover.keeper)
        mark.lineage = handover.lineage
        keeperProcess = handover.keeper
        keeperSlots = handover.slots
        boot = mark.boot
        let previous = await lastMark(heldIn: handover.held, mark)
        let end = mark.end(of: previous)
        let isSameKeeper = previous.map { mark.boot == $0.boot && mark.isSameKeeper(as: $0) } ?? false
        let mayHaveSurvivors = previous?.boot == mark.boot && !isSameKeeper
        if previous == nil, containers.count == 0 {
            log.info("first start: there is nothing to recover")
        } else {
            log.info("recovered", metadata: ["containers": "\(containers.count)", "after": "\(end.rawValue)"])
        }
        // The containers with a run, and of them those whose run is over but not decided about.
        var (alive, ended): (Set<ContainerID>, Set<ContainerID>) = ([], [])
        let newest = Dictionary(handover.runs.map { ($0.key, $0.number) }, uniquingKeysWith: { $1 })
        let ground = await findGround(
            of: handover.runs.compactMap { owner(of: $0, isNewest: newest[$0.key] == $0.number) })
        for found in handover.runs {
            if newest[found.key] != found.number, takeUpEarlier(found) { continue }
            if let id = attributing(ContainerID(found.key), { adopt(found, ground) }) {
                alive.insert(id)
                if found.hasEnded { ended.insert(id) }
            }
        }
        if mayHaveSurvivors { await findAgain(&alive, after: end) }
        runs.readAdopted()
        // An engine may have come up with the machine and died with its keeper before its mark was written. A keeper in its last
        // moment may also have made a process that its successor was not given.
        if !isSameKeeper { await killSurvivors(except: alive.subtracting(ended)) }
        for container in containers.all { attributing(container.id) { resumeHealth(container) } }
        recovering = true
        for container in containers.all.sorted(by: { ($0.created, $0.id) < ($1.created, $1.id) }) {
            let isAlive = alive.contains(container.id)
            if isAlive, awaitStart(container, handover.runs) { continue }
            post(
                container, .supervisorStarted(after: end, alive: isAlive), at: began(container, handover.runs, isAlive))
        }
        for found in handover.runs { attributing(ContainerID(found.key)) { runs.finish(found, tell) } }
        runs.endHandover(tell)
        beginStarts()
        // The mark follows the decisions. An engine that dies before this decides once more, as after the same end.
        await write(mark)
        hasRecovered = true
        acquitLater()
        return handover.held
    }

    private func restore(_ stored: StoredRecord) {
        let spec = stored.record.spec
        let lifecycle = ContainerLifecycle(
            settings: spec.lifecycleSettings, record: stored.state?.record ?? RunRecord())
        let name = stored.state?.name ?? ContainerName("recovered_" + stored.id.short)
        // Another container may have been given the name while this one was set aside.
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
        let pump = PumpStarter(clock: clock, faults: surroundings.faults, start: surroundings.startPump)
        return try await runs.greet(pump) { news in self.assumeIsolated { $0.hear(news) } }
    }

    /// The container of a handed-over run that is to be taken over.
    private func owner(of found: FoundRun, isNewest: Bool) -> ContainerID? {
        guard found.isContainer, let id = ContainerID(found.key), let container = containers[id],
            isNewest || !found.hasEnded
        else { return nil }
        return isRecorded(found, container) ? nil : id
    }

    /// Takes over a handed-over run. Returns its container if that lives, or if its end is not recorded.
    private func adopt(_ found: FoundRun, _ ground: [ContainerID: PreparedContainer]) -> ContainerID? {
        guard found.isContainer, let id = ContainerID(found.key), let container = containers[id] else {
            adoptStray(found)
            return nil
        }
        if isRecorded(found, container) {
            runs.forget(found.number)
            return nil
        }
        catchUp(container, with: found)
        findStart(container, found)
        var run = runs.adopt(found, as: .container(id), hasTerminal: container.spec.process.terminal)
        if let last = container.lastProcess, last.identity.number == found.process {
            run.recorded = last
            run.outputs = last.outputs
        }
        container.run = run
        container.ground.find(ground[id])
        if container.memory.baseline == nil, let reading = container.ground.prepared?.cgroup?.memory() {
            // An older engine kept no count; kills until now do not count for this run.
            _ = container.memory.close(reading)
        }
        // The engine before may have killed the group and died during that.
        container.ground.mayHaveBeenKilled(!container.spec.hasOwnProcessNamespace(configuration))
        try? openLog(container)
        runs.follow(found, log: container.output.isLogOpen ? id : nil, memory: memoryWatch(container))
        return id
    }

    /// Takes over a run without an owner. An exec lost its client with the engine, and the container of another run may be gone.
    /// A process that still runs goes on, with its output read so that it never waits. A health check is ended, and made again.
    private func adoptStray(_ found: FoundRun) {
        // The keeper keeps the runs of a container that is set aside, until an engine can read its record again.
        let isFaulty = ContainerID(found.key).map(faulty.contains) ?? false
        guard !found.hasEnded else {
            if !isFaulty { runs.forget(found.number) }
            return
        }
        runs.adopt(found, as: .stray)
        if isFaulty { faultySlots.insert(found.number) }
        runs.follow(found, log: nil)
        if found.key.hasPrefix(Self.probeKey) { runs.signal(found.number, .kill) }
    }

    /// Ends the containers of a keeper that died: they have no parent left who could report their end. It precedes the decisions
    /// of their policies, so that none ever runs twice. Every container is a suspect, as a process is made while its record is
    /// written, which may not name it yet.
    private func killSurvivors(except alive: Set<ContainerID>) async {
        var suspects: [(runtime: any IsolationRuntime, context: LaunchContext)] = []
        for container in containers.all where !alive.contains(container.id) {
            guard let runtime = try? runtime(for: container.spec) else { continue }
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

    /// Loads the AppArmor profiles. A missing profile stops each container that names it, not the supervisor.
    private func loadProfiles() async {
        let isolation = self.isolation
        guard isolation.hasAppArmor else {
            log.info("AppArmor is not enabled on this host: containers are not confined by it")
            return
        }
        do { try await work { try isolation.loadProfiles() } } catch { log.error("\(error.inFull)") }
    }

    // MARK: Going down

    /// Stops all containers within the configured time, each by its own rules, and those that others need last; then takes leave
    /// of the keeper. The next supervisor starts them again as their policies decide.
    public func shutdown() async {
        guard !shuttingDown else { return }
        let deadline = clock.monotonic.advanced(by: .seconds(Int64(clamping: configuration.shutdownTimeout)))
        shutdownDeadline = deadline
        // Running containers are known only after recovery.
        while !hasRecovered, clock.monotonic < deadline, await moment() {}
        await stopInOrder(by: deadline)
        while containers.all.contains(where: \.mayHaveProcess), clock.monotonic < deadline, await moment() {}
        for container in containers.all where container.run != nil { killAll(container) }
        let last = deadline.advanced(by: .seconds(5))
        // Their mounts are taken down too, while this process is there for it.
        while containers.all.contains(where: { $0.mayHaveProcess || $0.outbox.isCarrying || $0.ground.released != nil }
        ),
            clock.monotonic < last, await moment()
        {}
        let records = self.records
        // It follows every record that is still being written.
        try? await run(on: storeThread) {
            guard var mark = records.mark() else { return }
            mark.graceful = true
            try records.write(mark)
        }
        runs.exit()
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
        try runs.hold(descriptor, name: name)
    }
}
