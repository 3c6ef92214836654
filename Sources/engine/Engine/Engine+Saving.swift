internal import DequeModule
internal import KeeperClient
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Store

// Records on their way to the disk, and what is done when it does not take them.
extension Engine {
    /// Writes what a container is now, and carries on when that is durable or was refused.
    func save(_ container: Container) {
        let id = container.id
        let record = container.lifecycle.record
        container.stopBoot = record.history.userStop == nil ? nil : container.stopBoot ?? boot
        let state = ContainerStateRecord(
            name: container.name, record: record, memory: container.memory, process: container.run?.recorded,
            place: container.place, stopBoot: container.stopBoot)
        let history = container.unsavedHistory
        container.unsavedHistory = []
        // This writing covers the later ones that wait already: it holds what they would write.
        container.pending.removeAll { $0.effect == .persist }
        changes.append(StoreChange(id, state: state, history: history))
        commitChanges()
    }

    /// Has what waits made durable together, one group at a time: while the disk is busy with one, the next gathers.
    private func commitChanges() {
        guard !isCommitting, !changes.isEmpty else { return }
        isCommitting = true
        let group = Array(changes.prefix(Self.groupBound))
        changes.removeFirst(group.count)
        let store = self.store
        offload(to: storeThread) {
            store.commit(group)
        } then: { engine, result in
            engine.isCommitting = false
            engine.commitChanges()
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
                container.carrying = false
                engine.carryOn(container)
            }
        }
    }

    /// How many containers' states are made durable together: the first of them waits for the last.
    private static let groupBound = 64

    private func saved(_ id: ContainerID) {
        unsaved.remove(id)
        guard let container = containers[id] else { return }
        if let number = container.keptEnd { forgetSlot(number) }
        container.keptEnd = nil
    }

    /// A disk that takes nothing must not stop the supervision: memory decides, and the state is written again later.
    /// Meanwhile no command is answered with success, and the keeper keeps the end that is not written.
    private func saveFailed(_ id: ContainerID, _ history: [HistoryEntry], _ error: any Error) {
        log.error("state not written, kept in memory", metadata: ["container": "\(id.short)", "error": "\(error)"])
        guard let container = containers[id] else { return }
        container.unsavedHistory = (history + container.unsavedHistory).suffix(Self.unsavedHistoryBound)
        container.saveError = "\(error)"
        unsaved.insert(id)
        scheduleSaving()
    }

    /// How many entries of one container's history wait for a disk that takes nothing; the oldest go first.
    static let unsavedHistoryBound = 256

    /// Why a command to a container cannot be acknowledged: it did what it says, and the disk did not take that. `nil` when
    /// everything that happened to the container is on the disk.
    func notRecorded(_ container: Container) -> EngineError? {
        guard unsaved.contains(container.id) || unsavedSpecs.contains(container.id) else { return nil }
        return EngineError(
            .failed,
            "container \(container.name): done, but the record cannot be written and would be lost with the supervisor: "
                + "\(container.saveError). It is written as soon as the disk takes it")
    }

    /// Returns when everything that waits for this container was carried out and is durable; throws when the disk has refused it.
    func recorded(_ container: Container) async throws(EngineError) {
        await settled(container)
        if let error = notRecorded(container) { throw error }
    }

    /// The keeper may forget an exit once it is on disk here.
    func acknowledge(_ number: UInt64, _ container: Container) {
        let id = container.id
        guard container.carrying else {
            forgetOrKeep(number, id)
            return
        }
        let promise = loop.makePromise(of: Void.self)
        container.settled.append(promise)
        promise.futureResult.whenSuccess {
            self.assumeIsolated { engine in engine.forgetOrKeep(number, id) }
        }
    }

    /// One end for each container is kept until the record that holds it is written. A later one takes its place: so a
    /// container that ends again and again on a full disk does not fill the keeper's table.
    private func forgetOrKeep(_ number: UInt64, _ id: ContainerID) {
        guard let container = containers[id], unsaved.contains(id) else {
            forgetSlot(number)
            return
        }
        if let earlier = container.keptEnd { forgetSlot(earlier) }
        container.keptEnd = number
    }

    /// Tries again in five seconds, all that the disk has refused until then.
    func scheduleSaving() {
        guard !isSavingScheduled else { return }
        isSavingScheduled = true
        loop.scheduleTask(in: .seconds(5)) {
            self.assumeIsolated { engine in
                engine.isSavingScheduled = false
                for id in engine.unsaved.sorted() {
                    guard let container = engine.containers[id] else { continue }
                    container.pending.append(PendingEffect(effect: .persist, at: engine.clock.monotonic))
                    engine.carryOn(container)
                }
                engine.writeUnsavedSpecs()
                engine.discardUnwanted()
                engine.writeUnsavedMark()
            }
        }
    }

    /// What a container was changed to holds, as its state does, and is written as soon as the disk takes it.
    func specNotWritten(_ container: Container, _ error: any Error) {
        let text = describe(error)
        log.error(
            "change not written, kept in memory", metadata: ["container": "\(container.id.short)", "error": "\(text)"])
        container.saveError = text
        unsavedSpecs.insert(container.id)
        scheduleSaving()
    }

    private func writeUnsavedSpecs() {
        for container in unsavedSpecs.sorted().compactMap({ containers[$0] }) {
            let (record, store) = (container.record, self.store)
            offload(to: storeThread) {
                try store.writeRecord(record.id, record)
            } then: { engine, result in
                guard let container = engine.containers[record.id] else { return }
                switch result {
                // What was changed while this was being written is another's to write.
                case .success: if container.record.spec == record.spec { engine.unsavedSpecs.remove(record.id) }
                case .failure(let error): engine.specNotWritten(container, error)
                }
            }
        }
    }

    /// A container whose creation failed may stand on the disk all the same, if that did not let it be taken back: it is
    /// removed as soon as possible, so that no later supervisor finds what nobody has.
    func takeBack(_ id: ContainerID) {
        unwanted.insert(id)
        discardUnwanted()
    }

    private func discardUnwanted() {
        for id in unwanted.sorted() {
            let store = self.store
            offload(to: storeThread) {
                try store.remove(id)
            } then: { engine, result in
                switch result {
                case .success, .failure(StoreError.unknown): engine.unwanted.remove(id)
                case .failure: engine.scheduleSaving()
                }
            }
        }
    }
}
