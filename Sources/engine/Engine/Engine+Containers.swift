internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
public import Model
internal import NIOCore
internal import Records
internal import Runs
public import Supervision

// Creation, listing, change and removal of containers.
extension Engine {
    /// All containers, newest first, without their paths, execs and reasons.
    public func list() -> [ContainerSnapshot] {
        containers.newestFirst.map { outline($0) }
    }

    /// One container in full, but for its sizes.
    public func inspect(_ reference: String) throws(EngineError) -> ContainerSnapshot {
        let container = try containers.resolve(reference)
        var shown = snapshot(container)
        if shown.state.pid > 0 { shown.state.pid = firstProcess(of: container) ?? 0 }
        return shown
    }

    /// The part of a snapshot that costs no look-up.
    private func outline(_ container: Container) -> ContainerSnapshot {
        var state = container.lifecycle.snapshot
        if state.running, !state.restarting { state.pid = container.run?.pid ?? 0 }
        state.health = container.health.monitor?.shown
        var shown = ContainerSnapshot(
            id: container.id, name: container.name, created: container.created, spec: container.sharedSpec,
            state: state)
        shown.restartCount = container.lifecycle.record.history.count
        shown.owner = container.lifecycle.record.owner
        return shown
    }

    func snapshot(_ container: Container) -> ContainerSnapshot {
        var shown = outline(container)
        shown.reason = container.lastReason?.description ?? ""
        shown.execIDs = container.execs.values.filter { !$0.hasEnded }.map(\.id).sorted()
        let directory = records.directory(of: container.id)
        if let file = LogTarget.fileName(container.spec.logging, for: container.id) {
            shown.paths.log = records.logDirectory(of: container.id) + "/" + file
        }
        if !container.spec.imageID.isEmpty {
            shown.paths.upperDirectory = directory + "/rootfs/diff"
            shown.paths.workDirectory = directory + "/rootfs/work"
            shown.paths.mergedDirectory = directory + "/rootfs/merged"
        }
        if container.ground.prepared != nil || container.lifecycle.record.startedAt != nil {
            shown.paths.hostname = directory + "/hostname"
            shown.paths.hosts = directory + "/hosts"
            shown.paths.resolvConf = directory + "/resolv.conf"
            shown.paths.sandbox = container.ground.prepared?.network?.path ?? ""
        }
        return shown
    }

    /// Creates a container; durable when it returns. An absent name is invented. `platform` is what the image has to be made for;
    /// one that this host does not run is refused.
    public func create(
        _ request: ContainerSpec, name: String?, platform: Platform? = nil, by client: Client? = nil
    ) async throws(EngineError) -> (id: ContainerID, warnings: [String]) {
        try await checkSources(of: request.mounts)
        let name = try reserve(name)
        defer { reservedNames.remove(name) }
        let id = surroundings.makeID()
        let spec = try await claimed(Creation(id: id, spec: request, platform: platform))
        do throws(EngineError) {
            return (id, try await create(id, name, spec, by: client))
        } catch {
            for holding in holdings { holding.release(id) }
            throw error
        }
    }

    private func create(
        _ id: ContainerID, _ name: ContainerName, _ claimed: ContainerSpec, by client: Client?
    ) async throws(EngineError) -> [String] {
        var spec = claimed
        spec.process.environment = EnvironmentVariables.lastOfEach(spec.process.environment)
        if spec.logging.driver == nil {
            // An absent driver stays absent for the standard one: inspect shows it by a name that every SDK knows.
            if configuration.logDriver != .standard { spec.logging.driver = configuration.logDriver }
            for (key, value) in configuration.logOptions where spec.logging.options[key] == nil {
                spec.logging.options[key] = value
            }
        }
        if let field = spec.fieldWithNUL {
            throw EngineError(.badRequest, "invalid \(field): it holds a NUL character, which no program can be given")
        }
        try LogTarget.validate(spec.logging)
        try checkPartners(of: spec.namespaces)
        let runtime = try runtime(for: spec)
        try await judgeFilter(of: spec, by: runtime)
        guard spec.imageID.isEmpty || !spec.process.arguments.isEmpty else {
            throw EngineError(.badRequest, "no command specified")
        }
        if spec.hostname.isEmpty, spec.namespaces.uts != .host {
            // On the host's network a container has the host's name, as with Docker.
            spec.hostname = spec.network.mode == .host ? HostName.current : id.short
        }
        let warnings = warnings(for: spec) + runtime.shortcomings(of: spec)
        let container = Container(
            id: id, name: name, created: clock.wall, spec: spec,
            lifecycle: ContainerLifecycle(settings: spec.lifecycleSettings))
        let record = ContainerRecord(id: id, created: container.created, spec: spec)
        let state = ContainerStateRecord(name: name, record: container.lifecycle.record)
        let entry = HistoryEntry(
            time: container.created, monotonic: clock.monotonic, command: UserCommand(.create, by: client))
        let records = self.records
        do {
            try await run(on: storeThread) { try records.create(record, state, history: [entry]) }
        } catch {
            takeBack(id)
            throw EngineError(.failed, "cannot store the container: \(error.sentence)")
        }
        containers.insert(container)
        emitContainer("create", container, by: client)
        return warnings
    }

    /// Refuses namespaces of containers that are not there. The status is that of a wrong request, as clients take another for a
    /// missing image. Of a network it shows at the start, as with Docker.
    private func checkPartners(of namespaces: NamespaceSpec) throws(EngineError) {
        for reference in [namespaces.ipc.partner, namespaces.pid.partner] {
            guard let reference else { continue }
            do throws(EngineError) { _ = try containers.resolve(reference) } catch {
                throw EngineError(.badRequest, error.message)
            }
        }
    }

    /// Has every holding claim the new container's names; the claims are released when a holding refuses.
    private func claimed(_ creation: Creation) async throws(EngineError) -> ContainerSpec {
        let spec = creation.spec
        guard !spec.image.isEmpty || spec.runtime.or(configuration.defaultRuntime) == .host else {
            throw EngineError(.badRequest, "no image specified")
        }
        var creation = creation
        do throws(EngineError) {
            for holding in holdings { try await holding.claim(&creation) }
        } catch {
            for holding in holdings { holding.release(creation.id) }
            throw error
        }
        return creation.spec
    }

    private func warnings(for spec: ContainerSpec) -> [String] {
        var warnings: [String] = []
        if spec.resources.oomKillDisable == true, spec.resources.memory == 0 {
            warnings.append(
                "OOM killer is disabled for the container, but no memory limit is set, this can result in the system "
                    + "running out of resources.")
        }
        let mode = spec.network.mode
        if mode == .host, !spec.network.portBindings.isEmpty {
            warnings.append("Published ports are discarded when using host network mode")
        }
        let isOfBridge = mode == .unset || mode == .default || mode == .bridge
        if mode == .bridge || isOfBridge && (!spec.network.portBindings.isEmpty || spec.network.publishAll) {
            warnings.append(
                "Bridge networks and published ports are not built yet: the container has a network namespace of its own "
                    + "with only the loopback interface. Use --network host to reach it.")
        }
        return warnings + spec.volumeWarnings
    }

    /// A free name, reserved for the request until the container exists.
    private func reserve(_ typed: String?) throws(EngineError) -> ContainerName {
        let taken = { (name: ContainerName) in
            self.containers.holder(of: name) != nil || self.reservedNames.contains(name)
        }
        let name: ContainerName
        if let typed, !typed.isEmpty {
            guard let parsed = ContainerName(typed) else { throw EngineError(invalidName: typed) }
            guard !taken(parsed) else { throw EngineError(nameInUse: parsed, by: containers.holder(of: parsed)) }
            name = parsed
        } else {
            guard let made = RandomName.make(taken: taken) else {
                throw EngineError(.failed, "could not find a name that is not in use")
            }
            name = made
        }
        reservedNames.insert(name)
        return name
    }

    /// Renames a container.
    public func rename(
        _ reference: String, to typed: String, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        guard !typed.isEmpty else { throw EngineError(.badRequest, "Neither old nor new names may be empty") }
        guard let name = ContainerName(typed) else {
            throw EngineError(invalidName: typed.hasPrefix(bytes: "/") ? typed : "/" + typed)
        }
        if name == container.name {
            throw EngineError(.badRequest, "Renaming a container with the same name as its current name")
        }
        guard containers.holder(of: name) == nil, !reservedNames.contains(name) else {
            throw EngineError(nameInUse: name, by: containers.holder(of: name))
        }
        let old = container.name
        containers.rename(container, to: name)
        note(UserCommand(.rename, "from \(old) to \(name)", by: client), container, at: clock.monotonic)
        container.outbox.persist(at: clock.monotonic)
        carryOn(container)
        try await recorded(container)
        emitContainer("rename", container, ["oldName": "/" + old.text], by: client)
    }

    /// Changes the fields that may change in a living container; returns warnings.
    public func update(
        _ reference: String, _ update: ContainerUpdate, by client: Client? = nil
    ) async throws(EngineError) -> [String] {
        let container = try containers.resolve(reference)
        try request(
            container, .updateRequested(policy: update.restart, backoff: nil), as: reference,
            .init(.update, update.words, by: client))
        if let policy = update.restart { container.spec.restart = policy }
        var warnings: [String] = []
        if let resources = update.resources {
            container.spec.resources = resources
            if let cgroup = container.ground.prepared?.cgroup {
                do {
                    warnings = try await work { try cgroup.apply(resources) }
                } catch {
                    throw EngineError(.failed, "Cannot update container \(container.id.text): \(error.sentence)")
                }
            }
        }
        let (record, records) = (container.record, self.records)
        do {
            try await run(on: storeThread) { try records.write(record) }
            ledger.tookRecord(container.id)
        } catch {
            recordNotWritten(container, error)
        }
        try await recorded(container)
        return warnings
    }
}
