internal import Containers
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Records
internal import Supervision

// Writing of the records, and handling of a disk that does not take them.
extension Engine {
    /// Time for which a disk that has refused a change is left alone.
    private static let retryDelay = TimeAmount.seconds(5)

    /// Writes the state of a container, and continues when it is durable or was refused.
    func save(_ container: Container) {
        let record = container.lifecycle.record
        container.bond.note(isStopped: record.history.userStop != nil, boot: boot)
        let state = ContainerStateRecord(
            name: container.name, record: record, memory: container.memory.baseline, process: container.run?.recorded,
            place: container.bond.place, stopBoot: container.bond.stopBoot)
        commit(ledger.put(RecordChange(container.id, state: state, history: container.outbox.takeHistory())))
    }

    /// Makes a group of changes durable together.
    private func commit(_ group: [RecordChange]?) {
        guard let group else { return }
        let records = self.records
        offload(to: storeThread) {
            records.commit(group)
        } then: { engine, result in
            engine.commit(engine.ledger.endGroup())
            for change in group {
                switch result {
                case .success(let errors):
                    if let error = errors[change.id] {
                        engine.saveFailed(change.id, change.history, error)
                    } else {
                        engine.saved(change.id)
                    }
                case .failure(let error): engine.saveFailed(change.id, change.history, error)
                }
                guard let container = engine.containers[change.id] else { continue }
                container.outbox.resume()
                engine.carryOn(container)
            }
        }
    }

    private func saved(_ id: ContainerID) {
        ledger.took(id)
        if let slot = containers[id]?.outbox.takeKeptEnd() { runs.forget(slot) }
    }

    /// Handles a refused state. No command is answered with success meanwhile, and the keeper keeps the end that is not written.
    private func saveFailed(_ id: ContainerID, _ history: [HistoryEntry], _ error: any Error) {
        log.error(
            "state not written, kept in memory", metadata: ["container": "\(id.short)", "error": "\(error.inFull)"])
        guard let container = containers[id] else { return }
        container.outbox.putBack(history)
        ledger.refused(id, error.sentence)
        scheduleSaving()
    }

    /// The failure of a command that was carried out but not recorded; `nil` when all changes of the container are on the disk.
    func notRecorded(_ container: Container) -> EngineError? {
        guard let reason = ledger.refusal(of: container.id) else { return nil }
        return EngineError(
            .failed,
            "container \(container.name): done, but the record cannot be written and would be lost with the supervisor: "
                + "\(reason). It is written as soon as the disk takes it")
    }

    /// Returns when all pending effects of this container are carried out and durable; throws when the disk has refused them.
    func recorded(_ container: Container) async throws(EngineError) {
        await settled(container)
        if let error = notRecorded(container) { throw error }
    }

    /// Lets the keeper forget an exit once it is on the disk here.
    func acknowledge(_ slot: RunID, _ container: Container) {
        let id = container.id
        guard container.outbox.isCarrying else {
            forgetOrKeep(slot, id)
            return
        }
        let promise = loop.makePromise(of: Void.self)
        container.outbox.whenSettled(promise)
        promise.futureResult.whenSuccess {
            self.assumeIsolated { engine in engine.forgetOrKeep(slot, id) }
        }
    }

    private func forgetOrKeep(_ slot: RunID, _ id: ContainerID) {
        guard let container = containers[id], ledger.hasRefusedChange(id) else {
            runs.forget(slot)
            return
        }
        if let earlier = container.outbox.keepEnd(of: slot) { runs.forget(earlier) }
    }

    /// Schedules another attempt at all refused changes.
    func scheduleSaving() {
        guard ledger.setRetry() else { return }
        loop.scheduleTask(in: Self.retryDelay) {
            self.assumeIsolated { engine in
                let retry = engine.ledger.retry()
                for container in retry.changes.compactMap({ engine.containers[$0] }) {
                    container.outbox.persist(at: engine.clock.monotonic)
                    engine.carryOn(container)
                }
                for container in retry.records.compactMap({ engine.containers[$0] }) {
                    engine.writeRecord(of: container)
                }
                for id in retry.removals { engine.discard(id) }
                engine.writeUnsavedMark()
            }
        }
    }

    /// Handles a refused change of a specification. It is in force, as its state is, and is written as soon as the disk takes it.
    func recordNotWritten(_ container: Container, _ error: any Error) {
        let text = error.sentence
        log.error(
            "change not written, kept in memory", metadata: ["container": "\(container.id.short)", "error": "\(text)"])
        ledger.refusedRecord(container.id, text)
        scheduleSaving()
    }

    private func writeRecord(of container: Container) {
        let (record, records) = (container.record, self.records)
        offload(to: storeThread) {
            try records.write(record)
        } then: { engine, result in
            guard let container = engine.containers[record.id] else { return }
            switch result {
            // A change made while this was being written has a writing of its own.
            case .success: if container.record.spec == record.spec { engine.ledger.tookRecord(record.id) }
            case .failure(let error): engine.recordNotWritten(container, error)
            }
        }
    }

    /// Removes a container whose creation failed. The disk may hold it and refuse the removal; that is tried again soon, so that
    /// no later supervisor finds a container that no user has.
    func takeBack(_ id: ContainerID) {
        ledger.discard(id)
        discard(id)
    }

    private func discard(_ id: ContainerID) {
        let records = self.records
        offload(to: storeThread) {
            try records.remove(id)
        } then: { engine, result in
            switch result {
            case .success: engine.ledger.discarded(id)
            case .failure: engine.scheduleSaving()
            }
        }
    }
}
