internal import FoundationEssentials
package import Health
package import Model

// Health of containers. It is written without waiting for the disk: it outlives the engine, and no run outlives a crash of the
// machine.
extension RecordStore {
    /// Health that an earlier engine recorded; `nil` when there is none or it is damaged.
    package func health(of id: ContainerID) -> HealthRecord? {
        guard let bytes = try? disk.read(healthPath(id)) else { return nil }
        return try? JSONDecoder().decode(StoredForm<HealthRecord>.self, from: Data(bytes)).value
    }

    /// Replaces the health record of a container. Throws when the container has no directory any more.
    package func write(_ record: HealthRecord, of id: ContainerID) throws {
        let path = healthPath(id)
        try disk.write([UInt8](try JSONEncoder().encode(StoredForm(record))), to: path + ".new")
        try disk.rename(path + ".new", to: path)
    }

    private func healthPath(_ id: ContainerID) -> String { directory(of: id) + "/health.json" }
}
