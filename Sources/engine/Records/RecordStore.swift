package import Model
package import Store

/// The durable records of one supervisor: of its containers, their health, and its own mark. All calls but `directory(of:)` and
/// `logDirectory(of:)` block on the disk.
package struct RecordStore: Sendable {
    private let containers: ContainerStore<ContainerRecord, ContainerStateRecord, HistoryEntry>
    let disk: any StoreFileSystem
    /// Path of the supervisor's mark.
    let markPath: String

    /// Opens the records below `root`. Throws `StoreError` when they cannot be opened, or are locked.
    package init(root: String, disk: any StoreFileSystem) throws {
        containers = try ContainerStore(root: root, disk: disk)
        self.disk = disk
        markPath = root + "/supervisor.json"
    }

    /// Directory of everything that a container keeps.
    package func directory(of id: ContainerID) -> String { containers.directory(of: id) }

    /// Directory of a container's logs.
    package func logDirectory(of id: ContainerID) -> String { containers.logDirectory(of: id) }

    /// Creates a container durably, with its first entries of the history.
    package func create(_ record: ContainerRecord, _ state: ContainerStateRecord, history: [HistoryEntry]) throws {
        try containers.create(record.id, record: record, state: state, history: history)
    }

    /// Replaces the record of a container.
    package func write(_ record: ContainerRecord) throws { try containers.writeRecord(record.id, record) }

    /// Makes changes durable together; returns the error of each that the disk refused.
    package func commit(_ changes: [RecordChange]) -> [ContainerID: any Error] { containers.commit(changes) }

    /// Whole entries of a container's history, oldest first.
    package func history(of id: ContainerID) throws -> [HistoryEntry] { try containers.readHistory(id).entries }

    /// Removes a container with all it keeps. One that is not there counts as removed.
    package func remove(_ id: ContainerID) throws {
        do { try containers.remove(id) } catch StoreError.unknown {}
    }

    /// Reads the records of all containers but the `refused` ones, which are set aside like damaged ones. `attribution` runs the
    /// work on each container.
    package func load(
        settingAside refused: Set<ContainerID>, attribution: (ContainerID, () -> Void) -> Void
    ) throws -> LoadedRecords {
        try containers.loadAll(settingAside: refused, during: attribution)
    }
}

/// New state of a container, and entries that its history gains with it.
package typealias RecordChange = StoreChange<ContainerStateRecord, HistoryEntry>

/// A container as the records have it.
package typealias StoredRecord = StoredContainer<ContainerRecord, ContainerStateRecord>

/// The records of all containers, and what could not be read.
package typealias LoadedRecords = LoadedContainers<ContainerRecord, ContainerStateRecord>

extension LoadedRecords {
    /// The refusal to start when a later version has written some of the records: this one could not keep up fields that it does
    /// not know.
    package var newerVersion: (any Error)? { NewerRecords(among: damaged) }
}
