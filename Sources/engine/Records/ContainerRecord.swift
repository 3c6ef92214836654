package import Model

/// The part of a container that seldom changes, as it is stored. An unknown field, in it or in anything below it, makes the
/// record another version's.
package struct ContainerRecord: Codable, Hashable, Sendable {
    package var id: ContainerID
    package var created: WallTime
    package var spec: ContainerSpec

    package init(id: ContainerID, created: WallTime, spec: ContainerSpec) {
        (self.id, self.created, self.spec) = (id, created, spec)
    }
}

extension ContainerRecord: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(id: try keys.read("id"), created: try keys.read("created"), spec: try keys.read("spec"))
        try keys.refuse(otherThan: ["id", "created", "spec"])
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("id", id)
        try keys.put("created", created)
        try keys.put("spec", spec)
    }
}
