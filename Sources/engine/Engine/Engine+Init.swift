internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
public import Model
internal import NIOCore
internal import Runs
public import Supervision

// Containers that units of an init system run.
extension Engine {
    /// Directory in a container with the socket on which the payload may report its readiness.
    static let notifyDirectory = "/run/notify"

    /// Hands the restarts of a container to `unit`, or with `nil` back to this engine. Durable when it returns.
    public func handOver(
        _ reference: String, to unit: InitUnit?, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        if let unit, unit.name.isEmpty { throw EngineError(.badRequest, "a unit needs a name") }
        let words = "--restart-owner " + (unit.map { "\($0.system.rawValue):\($0.name)" } ?? "sereno")
        try request(container, .handedOver(to: unit), as: reference, .init(.update, words, by: client))
        try await recorded(container)
    }

    /// The refusal of an init system's start, as one sentence; `nil` when it may start now. `start` is the announced kind of the
    /// coming start, `nil` when the init system cannot report it.
    public func refusalOfInitStart(_ reference: String, _ start: InitStart?) throws(EngineError) -> String? {
        let container = try containers.resolve(reference)
        let kind = kind(ofInitStart: start, container)
        container.bond.announce(kind)
        guard let reason = container.lifecycle.refusal(ofInitStart: kind) else { return nil }
        container.bond.refused()
        log.info("\(reason)", metadata: ["container": "\(container.id.short)", "name": "\(container.name)"])
        return reason.description
    }

    /// Ends a container for a reason of the init system that runs it, which is no user's stop. The container's stop signal and
    /// time are used. Returns at once; a restart that waits for its delay is left to wait.
    public func end(_ reference: String, for cause: InitEnd) async throws(EngineError) {
        let container = try containers.resolve(reference)
        switch container.lifecycle.state {
        case .backingOff:
            let code = Int(container.lifecycle.lastExitCode)
            for waiter in container.requests.takeWaiters(where: { $0 == .final }) {
                waiter.succeed(WaitOutcome(statusCode: code))
            }
            finishClients(of: container)
        case .created, .starting, .running, .paused, .stopping, .exited, .removing, .dead:
            let sequence = stopSequence(container, nil, nil)
            post(container, cause == .shutdown ? .supervisorStopping(sequence) : .watchdogExpired(sequence))
            await settled(container)
        }
    }

    /// Kind of this start.
    func kind(of unit: UnitStart, _ container: Container) -> InitStart {
        let announced = container.bond.takeAnnounced()
        return kind(ofInitStart: unit.kind ?? announced, container)
    }

    /// Kind of an init system's start. After a refusal it gives up, so that its next request is a user's wish. An init system
    /// that does not report a kind starts at a boot the containers that were stopped before that boot, and automatically those
    /// that ended by themselves.
    private func kind(ofInitStart told: InitStart?, _ container: Container) -> InitStart {
        if container.bond.hasRefused { return .user }
        if let told { return told }
        let record = container.lifecycle.record
        if record.history.userStop != nil { return container.bond.stopBoot == boot ? .user : .boot }
        switch record.reason?.rule {
        case .leftToInit, .retriesExhausted, .endedAsUnhealthy: return .restart
        case .command, .policyNo, .policyAlways, .policyUnlessStopped, .policyOnFailure, .endedWell, .stoppedByUser,
            .neverStarted, .restartPending, .supervisorReplaced, .foundRunning, .supervisorStopping, .autoRemove, nil:
            return .user
        }
    }

    /// Sets the place of the next run; a present run stays where it is.
    func place(_ container: Container, _ place: RunPlace?) throws(EngineError) {
        guard container.lifecycle.state.isAtRest || container.bond.awaitsUnit, container.bond.place != place
        else { return }
        if let group = place?.controlGroup {
            guard group.hasPrefix("/"), !group.split(byte: "/").contains("..") else {
                throw EngineError(.badRequest, "\(group) is no control group")
            }
            guard isolation.hasControlGroup(group) else {
                throw EngineError(.badRequest, "the unit's control group \(group) is not there")
            }
        }
        // Leftovers of an earlier engine stand in the old place.
        if container.ground.hasLeftovers { releaseResources(container) }
        container.bond.move(to: place)
    }

    /// Removes the place of a unit that is gone, with its control group and socket: the run takes place without it.
    func leaveLostUnit(
        _ container: Container, then: @escaping @Sendable (isolated Engine, Container) -> Void
    ) {
        // Only a unit's command names a socket; all others continue at once.
        guard let socket = container.bond.place?.notifySocket else {
            leaveLostUnit(container, missing: [])
            return then(self, container)
        }
        let id = container.id
        offload(to: workers) {
            HostFile.exists(socket)
        } then: { engine, result in
            guard let container = engine.containers[id] else { return }
            let isThere = (try? result.get()) ?? true
            engine.attributing(id) {
                engine.leaveLostUnit(container, missing: isThere ? [] : [socket])
                then(engine, container)
            }
        }
    }

    private func leaveLostUnit(_ container: Container, missing: [String]) {
        var gone: [String] = []
        // Control groups are in memory.
        if let group = container.bond.place?.controlGroup, !isolation.hasControlGroup(group) { gone.append(group) }
        gone += missing
        guard !gone.isEmpty else { return }
        log.warning(
            "its unit is gone", metadata: ["missing": "\(gone.joined(separator: " "))", "name": "\(container.name)"])
        releaseResources(container)
        container.bond.move(to: nil)
    }

    /// Makes the socket reachable for the payload. A `host` container sees the host's own path.
    func pass(_ socket: String, to context: inout LaunchContext) throws(EngineError) {
        let runtime = context.spec.runtime.or(configuration.defaultRuntime)
        let slash = socket.lastIndex(of: "/") ?? socket.startIndex
        var seen = socket
        if runtime != .host {
            var mount = MountSpec()
            mount.source = .bind(path: String(socket[..<slash]))
            mount.target = Self.notifyDirectory
            mount.readOnly = true
            context.spec.mounts.append(mount)
            seen = Self.notifyDirectory + socket[slash...]
        } else if !context.spec.imageID.isEmpty {
            throw EngineError(.badRequest, "a host container with an image cannot be given a socket to notify")
        }
        context.spec.process.environment.removeAll { $0.hasPrefix("NOTIFY_SOCKET=") }
        context.spec.process.environment.append("NOTIFY_SOCKET=" + seen)
    }
}
