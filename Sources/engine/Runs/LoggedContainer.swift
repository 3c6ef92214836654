package import Model

/// The part of a container that its log depends on.
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
