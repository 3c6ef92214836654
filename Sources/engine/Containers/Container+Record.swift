internal import Model
package import Records

extension Container {
    /// The record of whatever is stored apart from its state.
    package var record: ContainerRecord { ContainerRecord(id: id, created: created, spec: spec) }
}
