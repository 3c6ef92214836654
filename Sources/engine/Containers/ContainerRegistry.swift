package import Model
package import Supervision

/// All containers, by ID and by name. Confined to the engine.
package struct ContainerRegistry {
    package private(set) var byID: [ContainerID: Container] = [:]
    private var byName: [ContainerName: ContainerID] = [:]
    /// The containers in the order in which they are listed.
    package private(set) var newestFirst: [Container] = []

    /// An empty registry.
    package init() {}

    package var all: some Collection<Container> { byID.values }
    package var count: Int { byID.count }

    package subscript(id: ContainerID) -> Container? { byID[id] }

    /// The container that has a name.
    package func holder(of name: ContainerName) -> ContainerID? { byName[name] }

    /// Adds a container under its name.
    package mutating func insert(_ container: Container) {
        byID[container.id] = container
        byName[container.name] = container.id
        newestFirst.insert(container, at: place(of: container))
    }

    /// Index of a container in `newestFirst`, present or not.
    private func place(of container: Container) -> Int {
        var (low, high) = (0, newestFirst.count)
        while low < high {
            let middle = (low + high) / 2
            let other = newestFirst[middle]
            if (other.created, other.id) > (container.created, container.id) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Renames a container.
    package mutating func rename(_ container: Container, to name: ContainerName) {
        byName[container.name] = nil
        container.name = name
        byName[name] = container.id
    }

    /// Removes a container.
    package mutating func remove(_ container: Container) {
        guard byID.removeValue(forKey: container.id) != nil else { return }
        newestFirst.remove(at: place(of: container))
        if byName[container.name] == container.id { byName[container.name] = nil }
    }

    /// The container of a reference: by full ID, then by name, then by an unambiguous prefix of an ID, as Docker does.
    package func resolve(_ reference: String) throws(EngineError) -> Container {
        if let id = ContainerID(reference), let container = byID[id] { return container }
        if let name = ContainerName(reference), let id = byName[name], let container = byID[id] { return container }
        if !reference.isEmpty, reference.utf8.count <= 64, !reference.hasPrefix("/") {
            var found: Container?
            for (id, container) in byID where id.text.hasPrefix(reference) {
                if found != nil {
                    throw EngineError(.badRequest, "Multiple IDs found with provided prefix: \(reference)")
                }
                found = container
            }
            if let found { return found }
        }
        throw EngineError(.notFound, "No such container: \(reference)")
    }
}
