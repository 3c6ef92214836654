internal import Linux
internal import Model
internal import NIOCore
internal import Records
internal import Store
internal import Supervision

// What cannot be used costs itself and nobody else: it is left or put aside, reported, and everyone else is served.
extension Engine {
    /// How many ends of engines in a row a container is held to account for.
    private static let patience = 2
    /// How long after it has come up an engine is held to have survived its containers.
    private static let probation = TimeAmount.seconds(10)
    /// How many are named in `info`; the log and the events name all.
    private static let mostWarnings = 20

    /// The same as `attributed(to:in:_:)` for what is done here.
    func attributing<Value>(_ id: ContainerID?, _ body: () throws -> Value) rethrows -> Value {
        try attributed(to: id, in: surroundings.faults, body)
    }

    /// Reads the store, but for the containers that engines before this one did not survive.
    func loadRecords() async throws -> LoadedContainers<ContainerRecord, ContainerStateRecord> {
        let faults = surroundings.faults
        let suspects = faults?.found.filter { $0.ends >= Self.patience } ?? []
        let refused = Set(suspects.compactMap { ContainerID($0.name) })
        let loaded = try await run(on: storeThread) { [store] in
            try store.loadAll(settingAside: refused) { id, work in attributed(to: id, in: faults, work) }
        }
        for suspect in suspects { faults?.acquit(suspect.name) }
        for record in loaded.damaged {
            if record.damage == .endsTheEngine, let id = record.id { faulty.insert(id) }
            report("\(record)", of: "container", record.id?.text ?? "")
        }
        for image in images.store.setAside { report(image, of: "image", "") }
        return loaded
    }

    /// Says in the log, as an event and in `info` what is not used.
    func report(_ what: String, of type: String, _ actor: String) {
        log.error("record set aside", metadata: ["what": "\(what)"])
        setAside.append(what)
        emit(
            EventMessage(
                type: type, action: "set_aside", actorID: actor, attributes: ["reason": what], time: clock.wall))
    }

    /// What is told of it in `info`.
    var setAsideWarnings: [String] {
        let told = setAside.prefix(Self.mostWarnings).map { "WARNING: set aside: \($0)" }
        let more = setAside.count - told.count
        return more > 0 ? told + ["WARNING: set aside: \(more) more; the log names them"] : told
    }

    /// All containers were put to their decisions. Shortly after, nobody is suspected any more.
    func acquitLater() {
        guard surroundings.faults != nil else { return }
        loop.scheduleTask(in: Self.probation) { self.assumeIsolated { $0.surroundings.faults?.acquit() } }
    }

    /// Something else than a file in the place of the mark would keep it from ever being written.
    func putAsideWhatIsNoMark() {
        switch surroundings.disk.kind(of: markPath) {
        case .nothing, .file: return
        case .directory, .other: break
        }
        var number = 1
        while surroundings.disk.kind(of: "\(markPath).damaged-\(number)") != .nothing { number += 1 }
        let place = "\(markPath).damaged-\(number)"
        do {
            try surroundings.disk.rename(markPath, to: place)
            report("the supervisor's mark: not a file, moved to \(place)", of: "daemon", "")
        } catch {
            report("the supervisor's mark: not a file, left as \(markPath)", of: "daemon", "")
        }
    }
}
