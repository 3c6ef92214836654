internal import Containers
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Records
internal import Runs
internal import Supervision

// The interpreter: events in, effects out. Effects are carried out in their order.
extension Engine {
    /// Passes an event to a container's life cycle and carries out its effects; a refusal changes nothing.
    @discardableResult
    func post(
        _ container: Container, _ event: LifecycleEvent, at moment: MonotonicInstant? = nil,
        by command: UserCommand? = nil
    ) -> LifecycleRefusal? {
        attributing(container.id) { take(container, event, at: moment, by: command) }
    }

    private func take(
        _ container: Container, _ event: LifecycleEvent, at moment: MonotonicInstant?, by command: UserCommand?
    ) -> LifecycleRefusal? {
        let now = clock.monotonic
        let instant = moment ?? now
        // News of the keeper may be old, even from the time of another engine.
        let wall = clock.wall.advanced(by: instant.since(now))
        let effects = container.lifecycle.handle(event, at: Moment(monotonic: instant, wall: wall))
        if case .reject(let refusal)? = effects.first { return refusal }
        if let command { container.askers.note(command) }
        if let command, !effects.contains(where: \.isDecision) { note(command, container, at: instant) }
        // A command that leaves the record as it is is made durable all the same.
        if command != nil, effects.first != .persist {
            container.outbox.persist(at: instant)
        }
        for effect in effects {
            var pending = PendingEffect(effect: effect, at: instant)
            pending.command = command
            // It precedes the writing of the record, which includes it.
            if case .record(let reason) = effect {
                container.outbox.remember(
                    HistoryEntry(time: clock.wall, monotonic: instant, reason: reason, command: command))
            }
            if case .notify(let notice) = effect { pending.audience = container.takeAudience(of: notice) }
            container.outbox.append(pending)
        }
        carryOn(container)
        callOffStart(container)
        return nil
    }

    /// Posts an event for a user's request; throws the refusal.
    func request(
        _ container: Container, _ event: LifecycleEvent, as reference: String, _ command: UserCommand
    ) throws(EngineError) {
        guard let refusal = post(container, event, by: command) else { return }
        throw EngineError(refusal, container: container, reference: reference)
    }

    /// Adds a command that decides nothing by itself to the history; the next writing of the record includes it.
    func note(_ command: UserCommand, _ container: Container, at instant: MonotonicInstant) {
        container.outbox.remember(HistoryEntry(time: clock.wall, monotonic: instant, command: command))
        log.info("\(command)", metadata: ["container": "\(container.id.short)", "name": "\(container.name)"])
    }

    /// Carries out pending effects, up to one that must first become durable.
    func carryOn(_ container: Container) {
        attributing(container.id) { carryOut(container) }
    }

    private func carryOut(_ container: Container) {
        guard container.outbox.begin() else { return }
        while let next = container.outbox.next() {
            if next.effect == .persist {
                // A decision is written together with the state that it led to.
                while let decision = container.outbox.nextDecision() { perform(decision, container) }
                // The process is made while the record is written. After a crash between the two the keeper still holds it.
                if let origin = container.outbox.nextLaunch() { begin(origin, container) }
                save(container)
                return
            }
            perform(next, container)
        }
        for promise in container.outbox.settle() { promise.succeed(()) }
        followHealth(container)
        noteProgress(container)
    }

    /// Returns when all pending effects of this container were carried out, and so are durable.
    func settled(_ container: Container) async {
        guard !container.outbox.isSettled else { return }
        let promise = loop.makePromise(of: Void.self)
        container.outbox.whenSettled(promise)
        try? await promise.futureResult.get()
    }

    private func perform(_ pending: PendingEffect, _ container: Container) {
        let instant = pending.at
        switch pending.effect {
        case .persist: break
        case .launch(let origin): begin(origin, container)
        case .signal(let signal): send(signal, to: container)
        case .killAll: killAll(container)
        case .freeze: freeze(container)
        case .thaw: thaw(container)
        case .armTimer(let kind, let after): arm(kind, container, due: instant.advanced(by: after))
        case .cancelTimer(let kind): container.timers.removeValue(forKey: kind)?.cancel()
        case .record(let reason):
            container.lastReason = reason
            let told = RecordedDecision(time: clock.wall, reason: reason, command: pending.command)
            log.info(
                "\(told)", metadata: ["container": "\(container.id.short)", "name": "\(container.name)"])
        case .emit(let happening): emit(happening, container, pending.command?.client)
        case .notify(let notice): answer(pending.audience, notice, container)
        case .releaseResources: releaseResources(container)
        case .remove: removeFiles(container)
        case .forget: forget(container)
        case .reject(let refusal):
            log.error("a refusal among other effects", metadata: ["refusal": "\(refusal)"])
        }
    }

    /// Arms a timer. It counts from the moment of the event, not from the time its state became durable.
    func arm(_ kind: TimerKind, _ container: Container, due: MonotonicInstant) {
        container.timers.removeValue(forKey: kind)?.cancel()
        let id = container.id
        container.timers[kind] = loop.scheduleTask(in: TimeAmount(due.since(clock.monotonic))) {
            self.assumeIsolated { engine in
                guard let container = engine.containers[id] else { return }
                container.timers[kind] = nil
                switch kind {
                case .stop: engine.post(container, .stopTimerFired)
                // The next supervisor makes this restart.
                case .backoff where engine.shuttingDown: break
                case .backoff: engine.post(container, .backoffElapsed)
                }
            }
        }
    }

    private func answer(_ audience: PendingEffect.Audience, _ notice: Notice, _ container: Container) {
        // A success is reported once it is on the disk.
        let done: Result<Void, EngineError> = notRecorded(container).map { .failure($0) } ?? .success(())
        let outcome: Result<Void, EngineError>
        switch notice {
        case .started, .startEnded, .paused: outcome = done
        case .startFailed(let failure): outcome = .failure(EngineError(failure))
        case .exited(let code), .removed(let code):
            for waiter in audience.waiters { waiter.succeed(WaitOutcome(statusCode: Int(clamping: code))) }
            if audience.isFinal { finishClients(of: container) }
            if case .removed = notice { outcome = .success(()) } else { outcome = done }
        case .killOverdue:
            outcome = .failure(
                EngineError(
                    .failed, "container \(container.id.short): its process did not end within 10 s of SIGKILL"))
        case .removeFailed(let why):
            outcome = .failure(EngineError(.failed, "cannot remove container \(container.id.text): \(why)"))
        }
        complete(audience.promises, with: outcome)
    }

    private func complete(_ promises: [EventLoopPromise<Void>], with result: Result<Void, EngineError>) {
        for promise in promises {
            switch result {
            case .success: promise.succeed(())
            case .failure(let error): promise.fail(error)
            }
        }
    }

    /// Launches a run; nobody asked for an automatic one.
    private func begin(_ origin: LaunchOrigin, _ container: Container) {
        switch origin {
        case .policy, .supervisorStart: container.askers.start = nil
        case .user, .restartCommand: break
        }
        launch(container, origin)
    }

    /// Emits an event with the client whose command it carries out: an end by a user's stop names that user, a start and a removal
    /// those who asked for them, however long ago.
    private func emit(_ happening: Happening, _ container: Container, _ client: Client?) {
        let stop = container.lifecycle.record.history.userStop
        let known: Client? =
            switch happening {
            case .die, .stop: client ?? stop?.client
            case .destroy: client ?? container.askers.removal ?? (stop?.verb == .remove ? stop?.client : nil)
            case .start, .restart: client ?? container.askers.start
            case .kill, .pause, .unpause, .oom, .update: client
            }
        emitContainer(happening.action, container, happening.attributes, by: known)
    }

    /// Emits an event about a container, with its name, image and labels.
    func emitContainer(
        _ action: String, _ container: Container, _ extra: TextMap = [:], by client: Client? = nil
    ) {
        var attributes = container.spec.labels
        attributes["name"] = container.name.text
        attributes["image"] = container.spec.image
        if let client { attributes["by"] = client.description }
        for (key, value) in extra { attributes[key] = value }
        emit(
            EventMessage(
                type: "container", action: action, actorID: container.id.text, attributes: attributes, time: clock.wall)
        )
    }

    private func forget(_ container: Container) {
        for timer in container.timers.values { timer.cancel() }
        container.timers = [:]
        container.health.arm(nil)
        for exec in container.execs.values { leave(exec, of: container) }
        containers.remove(container)
        waitingForPartners.remove(container.id)
        ledger.forget(container.id)
        for holding in holdings { holding.release(container.id) }
        if let slot = container.outbox.takeKeptEnd() { runs.forget(slot) }
        // Callers that came after the audience of its removal was taken wait for nothing any more.
        let outcome = WaitOutcome(statusCode: Int(clamping: container.lifecycle.lastExitCode))
        for waiter in container.requests.takeWaiters() { waiter.succeed(outcome) }
        complete(container.requests.take(.stop), with: .success(()))
        let gone = EngineError(.notFound, "No such container: \(container.id.text)")
        complete(container.requests.take(.start), with: .failure(gone))
        complete(container.requests.take(.pause), with: .failure(gone))
        complete(container.requests.take(.remove), with: .success(()))
    }
}

extension Effect {
    /// Whether it adds a decision to the history.
    fileprivate var isDecision: Bool { if case .record = self { true } else { false } }
}

extension Container {
    /// Whether the new run is ended at once for a restart that was requested during its start; the next run is the answer then.
    private var isBeingRestarted: Bool {
        if case .stopping(let stopping) = lifecycle.state { stopping.purpose == .restart } else { false }
    }

    /// Takes the callers that a notice answers.
    fileprivate func takeAudience(of notice: Notice) -> PendingEffect.Audience {
        requests.take(answeredBy: notice, isFinal: lifecycle.state.isAtRest, isBeingRestarted: isBeingRestarted)
    }
}

extension EngineError {
    /// A refusal of the life cycle in Docker's words.
    init(_ refusal: LifecycleRefusal, container: Container, reference: String) {
        self.init(
            Kind(rawValue: refusal.status) ?? .failed,
            refusal.message(id: container.id.text, reference: reference))
    }

    /// A failed start; Docker answers 400 for failures that the user can mend.
    init(_ failure: StartFailure) {
        self.init(failure.exitCode == 128 ? .failed : .badRequest, failure.message)
    }
}
