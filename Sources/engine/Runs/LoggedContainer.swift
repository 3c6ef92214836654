package import Model

/// What a log has to know of its container.
package struct LoggedContainer: Sendable {
    /// Its identity.
    package var id: ContainerID
    /// Its name.
    package var name: String
    /// Its specification.
    package var spec: ContainerSpec

    package init(id: ContainerID, name: ContainerName, spec: ContainerSpec) {
        self.id = id
        self.name = name.text
        self.spec = spec
    }
}
