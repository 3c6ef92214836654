package import Model
package import Supervision

extension EngineError {
    /// An invalid name, in Docker's text.
    package init(invalidName name: String) {
        self.init(
            .badRequest,
            "Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
    }

    /// A name in use, in Docker's text.
    package init(nameInUse name: ContainerName, by holder: ContainerID?) {
        self.init(
            .conflict,
            "Conflict. The container name \"/\(name.text)\" is already in use by container \"\(holder?.text ?? "")\". "
                + "You have to remove (or rename) that container to be able to reuse that name.")
    }
}
