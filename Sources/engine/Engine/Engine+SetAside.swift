internal import Containers
internal import Linux
internal import Model
internal import NIOCore
internal import Records
internal import Supervision

// Unusable records affect themselves alone: each is left or put aside and reported, and everyone else is served.
extension Engine {
    /// Number of ends of engines in a row until a container is held to account for them.
    private static let patience = 2
    /// Time after its recovery at which an engine has survived its containers.
    private static let probation = TimeAmount.seconds(10)
    /// Number of warnings in `info`; the log and the events name all.
    private static let mostWarnings = 20

    /// As `attributed(to:in:_:)`, with this engine's note.
    func attributing<Value>(_ id: ContainerID?, _ body: () throws -> Value) rethrows -> Value {
        try attributed(to: id, in: surroundings.faults, body)
    }

    /// Reads the store, without the containers that engines before this one did not survive.
    func loadRecords() async throws -> LoadedRecords {
        let faults = surroundings.faults
        let suspects = faults?.found.filter { $0.ends >= Self.patience } ?? []
        let refused = Set(suspects.compactMap { ContainerID($0.name) })
        let loaded = try await run(on: storeThread) { [records] in
            try records.load(settingAside: refused) { id, work in attributed(to: id, in: faults, work) }
        }
        for suspect in suspects { faults?.acquit(suspect.name) }
        for record in loaded.damaged {
            if record.damage == .endsTheEngine, let id = record.id { faulty.insert(id) }
            report("\(record)", of: "container", record.id?.text ?? "")
        }
        for holding in holdings {
            for object in holding.unusable { report(object.description, of: object.type, "") }
        }
        return loaded
    }

    /// Reports an unusable object in the log, as an event and in `info`.
    func report(_ what: String, of type: String, _ actor: String) {
        log.error("record set aside", metadata: ["what": "\(what)"])
        setAside.append(what)
        emit(
            EventMessage(
                type: type, action: "set_aside", actorID: actor, attributes: ["reason": what], time: clock.wall))
    }

    /// Warnings about it in `info`.
    package var setAsideWarnings: [String] {
        let told = setAside.prefix(Self.mostWarnings).map { "WARNING: set aside: \($0)" }
        let more = setAside.count - told.count
        return more > 0 ? told + ["WARNING: set aside: \(more) more; the log names them"] : told
    }

    /// Acquits all suspects `probation` after every container was decided about.
    func acquitLater() {
        guard surroundings.faults != nil else { return }
        loop.scheduleTask(in: Self.probation) { self.assumeIsolated { $0.surroundings.faults?.acquit() } }
    }
}
