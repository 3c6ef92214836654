internal import Model
internal import Supervision

// How many processes a client may ask for beside containers' first ones, and what is kept of them.
extension Engine {
    /// How many exec instances of one container may not have ended, whether they were started or not.
    static let mostExecs = 1024
    /// How many ended exec instances of one container are remembered for `inspect`.
    static let rememberedExecs = 64
    /// What the arguments and environments of all exec instances may take together.
    static let mostExecBytes = 32 << 20
    /// How long an exec instance may not have been started until it has to make room: its client has most likely gone.
    static let execPatience: Nanoseconds = .seconds(600)

    /// How many of them may run at once. Half of the keeper's slots stay for containers and the checks of their health, and
    /// of the descriptors those that they need themselves, three for each in keeper and engine.
    var mostRunningExecs: Int { min(keeperSlots / 2, configuration.openFiles / 8) }

    /// Makes room for one more where that costs nobody what he still needs.
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
            // The largest first, so that the many small ones can still be asked for.
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

    /// Forgets those that nobody has started for long.
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

    /// Remembers it as one that has ended, and forgets the one that did so longest ago.
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

extension Exec {
    var hasEnded: Bool { exitCode != nil }

    /// What is held of it in memory, about.
    static func size(of spec: ExecSpec) -> Int {
        (spec.arguments + spec.environment + [spec.workingDirectory, spec.user, spec.detachKeys])
            .reduce(256) { $0 + $1.utf8.count + 16 }
    }
}
