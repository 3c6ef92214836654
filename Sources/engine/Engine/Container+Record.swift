internal import Model
internal import Records

extension Container {
    /// What of it is stored apart from its state.
    var record: ContainerRecord { ContainerRecord(id: id, created: created, spec: spec) }
}
