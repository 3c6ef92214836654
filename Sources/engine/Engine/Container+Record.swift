internal import Model
internal import Records

extension Container {
    /// The record of whatever is stored apart from its state.
    var record: ContainerRecord { ContainerRecord(id: id, created: created, spec: spec) }
}
