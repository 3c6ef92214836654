internal import Containers
internal import Lifecycle
internal import Model
internal import NIOCore

// Order of starts and stops: the needs of containers, and the pace of starts.
extension Engine {
    // MARK: Starts that a supervisor owes

    /// Queues a start that a supervisor owes, once the state that owes it is on the disk. It is made in its turn.
    func queueStart(_ container: Container) {
        // A command may have overtaken this start.
        guard container.owesStart else { return }
        guard !recovering else {
            owedStarts.insert(container.id)
            return
        }
        if !starts.contains(container.id) {
            starts.add(
                container.id, needs: containers.needs(of: container, containers.composeServices), at: clock.monotonic)
        }
        if !awaitsUnit(container) { starts.admit(container.id) }
        makeStarts()
    }

    /// Time for which the unit with the control group of the last run may request the next one, as the machine comes up.
    private static let unitPatience = TimeAmount.seconds(60)

    /// Whether the start is left to the unit for now. Started before the unit, the container would not be in the unit's control
    /// group.
    private func awaitsUnit(_ container: Container) -> Bool {
        guard !container.bond.awaitsUnit, let group = container.bond.place?.controlGroup,
            !isolation.hasControlGroup(group)
        else { return container.bond.awaitsUnit }
        log.info(
            "waits for its unit to ask for the start", metadata: ["group": "\(group)", "name": "\(container.name)"])
        let id = container.id
        let timer = loop.scheduleTask(in: Self.unitPatience) {
            self.assumeIsolated { engine in
                if let container = engine.containers[id] { engine.admitStart(container) }
            }
        }
        container.bond.leaveToUnit(until: timer)
        return true
    }

    /// Admits a start that was left to a unit: it was requested, or the unit's time is over.
    func admitStart(_ container: Container) {
        guard container.bond.endWaiting() else { return }
        starts.admit(container.id)
        makeStarts()
    }

    /// Begins the starts. Every container was decided about, which settles the starts and the waits among them.
    func beginStarts() {
        recovering = false
        let services = containers.composeServices
        let now = clock.monotonic
        for container in containers.all.sorted(by: { ($0.created, $0.id) < ($1.created, $1.id) }) {
            guard container.owesStart, container.run == nil else { continue }
            starts.add(
                container.id, needs: containers.needs(of: container, services),
                admitted: owedStarts.contains(container.id) && !awaitsUnit(container), at: now)
        }
        owedStarts = []
        guard !starts.isEmpty else { return }
        for container in containers.all { note(container) }
        makeStarts()
    }

    private func makeStarts() {
        startTimer?.cancel()
        startTimer = nil
        for id in starts.take(at: clock.monotonic) {
            if let container = containers[id] { launchNow(container) }
        }
        let now = clock.monotonic
        guard let next = starts.next(after: now) else { return }
        startTimer = loop.scheduleTask(in: TimeAmount(max(.milliseconds(1), next.since(now)))) {
            self.assumeIsolated { $0.makeStarts() }
        }
    }

    /// Records the progress of a container that others may wait for.
    func noteProgress(_ container: Container) {
        if !waitingForPartners.isEmpty { launchWaiting() }
        guard !starts.isEmpty, note(container), !recovering else { return }
        makeStarts()
    }

    /// Records it; returns whether it is news.
    @discardableResult
    private func note(_ container: Container) -> Bool {
        switch container.lifecycle.state {
        case .running, .paused, .stopping:
            let health = container.health.monitor?.record
            let isHealthy = health.map { $0.run != nil && $0.snapshot.status == .healthy } ?? true
            return starts.note(container.id, isHealthy ? [.started, .healthy] : [.started])
        // Its run is over, and every wait for it ends.
        case .exited where container.lifecycle.record.startedAt != nil, .dead:
            return starts.note(container.id, Set(StartCondition.allCases))
        case .created, .starting, .backingOff, .exited, .removing: return false
        }
    }

    /// Removes a start that a command overtook while it waited for its turn.
    func callOffStart(_ container: Container) {
        guard starts.contains(container.id) || waitingForPartners.contains(container.id),
            case .starting(let launch) = container.lifecycle.state,
            launch.stop != nil || launch.signals.contains(.kill)
        else { return }
        starts.remove(container.id)
        waitingForPartners.remove(container.id)
        post(container, .spawnFailed(.superseded))
    }

    // MARK: Starts that wait for another's namespaces

    /// Whether the start waits for a container whose namespaces it joins and which is about to run; it is made when that runs, or
    /// comes to rest.
    func awaitPartners(_ container: Container) -> Bool {
        guard containers.mustWaitForPartners(container, waitingForPartners) else { return false }
        waitingForPartners.insert(container.id)
        return true
    }

    private func launchWaiting() {
        let waiting = waitingForPartners.compactMap { containers[$0] }
        waitingForPartners = []
        for container in waiting {
            guard case .starting = container.lifecycle.state, container.run == nil else { continue }
            launchNow(container)
        }
    }

    // MARK: Going down

    /// Stops all containers in waves, those that others need after the others. Each wave has its share of the time until
    /// `deadline`.
    func stopInOrder(by deadline: MonotonicInstant) async {
        let services = containers.composeServices
        var needed: [ContainerID: [ContainerID]] = [:]
        for container in containers.all { needed[container.id] = containers.needs(of: container, services).map(\.id) }
        let order = containers.all.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
        // A container without a process must not get one meanwhile.
        for container in order {
            switch container.lifecycle.state {
            case .starting, .backingOff: stop(container, within: deadline)
            case .created, .running, .paused, .stopping, .exited, .removing, .dead: break
            }
        }
        let waves = stopWaves(of: order.map(\.id), needs: needed)
        for (index, wave) in waves.enumerated() {
            let now = clock.monotonic
            // bounded: a place in the list.
            let due = now.advanced(by: stopShare(of: deadline.since(now), waves: waves.count - index))
            let members = wave.compactMap { containers[$0] }
            for container in members { stop(container, within: due) }
            while members.contains(where: \.mayHaveProcess), clock.monotonic < due, await moment() {}
        }
    }

    /// Whether the supervisor goes down; this start is then left in the record as owed.
    func leaveToNextSupervisor(_ container: Container) -> Bool {
        guard let deadline = shutdownDeadline else { return false }
        stop(container, within: deadline)
        // That includes a start that was still waiting for its turn.
        if case .starting = container.lifecycle.state { post(container, .spawnFailed(.superseded)) }
        return true
    }

    private func stop(_ container: Container, within due: MonotonicInstant) {
        // bounded: spans saturate.
        let left = Int(clamping: (max(.zero, due.since(clock.monotonic)) + Nanoseconds(999_999_999)).wholeSeconds)
        let timeout = container.spec.stopTimeout ?? configuration.stopTimeout
        post(container, .supervisorStopping(stopSequence(container, nil, timeout < 0 ? left : min(timeout, left))))
    }
}

extension Container {
    /// Whether it is to be started because a supervisor came up, and its state shows no progress yet.
    fileprivate var owesStart: Bool {
        guard case .starting(let launch) = lifecycle.state else { return false }
        return launch.origin == .supervisorStart
    }
}
