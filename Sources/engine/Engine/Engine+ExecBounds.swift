internal import Containers
internal import Model
internal import Supervision

// Bounds of the processes that clients may request beside containers' first ones, and of their records.
extension Engine {
    /// Largest number of exec instances of one container that have not ended, started or not.
    static let mostExecs = 1024
    /// Number of ended exec instances of one container that are kept for `inspect`.
    static let rememberedExecs = 64
    /// Largest size of the arguments and environments of all exec instances together, in bytes.
    static let mostExecBytes = 32 << 20
    /// Time after which an exec instance that was not started has to make room; its client has most likely gone.
    static let execPatience: Nanoseconds = .seconds(600)

    /// Largest number of execs that run at once. Half of the keeper's slots stay for containers and their health checks, and so
    /// do the descriptors that these need, three for each in keeper and engine.
    var mostRunningExecs: Int { min(keeperSlots / 2, configuration.openFiles / 8) }

    /// Makes room for one more exec where no client still needs that room.
    func makeRoom(for spec: ExecSpec, in container: Container) throws(EngineError) {
        if container.execs.values.count(where: { !$0.hasEnded && $0.probe == nil }) >= Self.mostExecs {
            letGoOfWaiting(of: container)
        }
        guard container.execs.values.count(where: { !$0.hasEnded && $0.probe == nil }) < Self.mostExecs else {
            throw EngineError(
                .conflict,
                "cannot create exec: container \(container.id.text) has \(Self.mostExecs) exec instances that have not ended, "
                    + "the most that one may have")
        }
        let size = Exec.size(of: spec)
        if execBytes + size > Self.mostExecBytes {
            for other in containers.all { letGoOfWaiting(of: other) }
            // The largest first, so that the many small ones stay for `inspect`.
            let ended = containers.all.flatMap { owner in owner.execs.values.filter(\.hasEnded).map { (owner, $0) } }
            for (owner, exec) in ended.sorted(by: { $0.1.size > $1.1.size })
            where execBytes + size > Self.mostExecBytes {
                forget(exec, of: owner)
            }
        }
        guard execBytes + size <= Self.mostExecBytes else {
            throw EngineError(
                .unavailable,
                "cannot create exec: the arguments of exec instances that have not ended take "
                    + "\(Self.mostExecBytes >> 20) MiB, the most that is held")
        }
    }

    /// Forgets execs that were not started within `execPatience`.
    private func letGoOfWaiting(of container: Container) {
        let now = clock.monotonic
        for exec in container.execs.values where !exec.started && now.since(exec.created) > Self.execPatience {
            forget(exec, of: container)
        }
    }

    func checkRoomToRun(_ exec: Exec) throws(EngineError) {
        let running = runs.countBesideContainers
        guard running >= mostRunningExecs else { return }
        throw EngineError(
            .unavailable,
            "cannot start exec \(exec.id): \(running) processes run beside those of containers, the most that are kept at once"
        )
    }

    /// Keeps an ended exec, and forgets the oldest beyond the bound.
    func remember(_ exec: Exec, of container: Container) {
        container.endedExecs.append(exec.id)
        container.endedExecs.removeAll { container.execs[$0] == nil }
        guard container.endedExecs.count > Self.rememberedExecs, let id = container.endedExecs.first else { return }
        if let oldest = container.execs[id] { forget(oldest, of: container) }
    }

    func forget(_ exec: Exec, of container: Container) {
        guard container.execs.removeValue(forKey: exec.id) != nil else { return }
        execs[exec.id] = nil
        execBytes -= exec.size
    }
}
