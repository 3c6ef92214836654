package import Lifecycle
package import Linux
package import Model

/// The part of a container that often changes, as it is stored. A field of a later version is passed over, and is gone once this
/// version has written the record.
package struct ContainerStateRecord: Codable, Hashable, Sendable {
    package var name: ContainerName
    package var record: RunRecord
    /// Memory counters at the end of the last run; `nil` in old records.
    package var memory: MemoryBaseline?
    /// The process while there is one; `nil` in old records.
    package var process: RecordedProcess?
    /// Place of its runs; `nil` for the supervisor's own, and in older records.
    package var place: RunPlace?
    /// The machine's boot in which a user's stop was recorded; `nil` without one, and in older records.
    package var stopBoot: String?

    package init(
        name: ContainerName, record: RunRecord, memory: MemoryBaseline? = nil, process: RecordedProcess? = nil,
        place: RunPlace? = nil, stopBoot: String? = nil
    ) {
        (self.name, self.record, self.memory) = (name, record, memory)
        (self.process, self.place, self.stopBoot) = (process, place, stopBoot)
    }
}

extension ContainerStateRecord: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            name: try keys.read("name"), record: try keys.read("record"), memory: try keys.readIfPresent("memory"),
            process: try keys.readIfPresent("process"), place: try keys.readIfPresent("place"),
            stopBoot: try keys.readIfPresent("stopBoot"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("name", name)
        try keys.put("record", record)
        try keys.putIfPresent("memory", memory)
        try keys.putIfPresent("process", process)
        try keys.putIfPresent("place", place)
        try keys.putIfPresent("stopBoot", stopBoot)
    }
}

/// The marks by which a container's process is found again when its keeper is lost with everything that it held.
package struct RecordedProcess: Hashable, Sendable {
    /// The process.
    package var identity: ProcessIdentity
    /// Inode numbers of the pipes of its output and of its errors.
    package var outputs: [UInt64]

    package init(identity: ProcessIdentity, outputs: [UInt64]) { (self.identity, self.outputs) = (identity, outputs) }
}

extension RecordedProcess: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(identity: try keys.read("identity"), outputs: try keys.readIfPresent("outputs") ?? [])
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("identity", identity)
        try keys.put("outputs", outputs)
    }
}

/// Counters of a control group before the present run, to count that run alone. In another group they begin at zero.
package struct MemoryBaseline: Hashable, Sendable {
    /// The group, by the inode number of its directory.
    package var group: UInt64
    /// Number of processes killed for lack of memory.
    package var kills: UInt64
    /// Time in which processes had waited for memory; `nil` where it is not counted.
    package var stalled: Nanoseconds?

    package init(group: UInt64, kills: UInt64, stalled: Nanoseconds?) {
        (self.group, self.kills, self.stalled) = (group, kills, stalled)
    }
}

extension MemoryBaseline: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            group: try keys.read("group"), kills: try keys.read("kills"), stalled: try keys.readIfPresent("stalled"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("group", group)
        try keys.put("kills", kills)
        try keys.putIfPresent("stalled", stalled)
    }
}

extension RunPlace: StoredObject {
    package static var absent: Self { RunPlace() }

    package static let fields: [StoredField<Self>] = [
        StoredField("controlGroup", \.controlGroup), StoredField("notifySocket", \.notifySocket),
    ]
}
