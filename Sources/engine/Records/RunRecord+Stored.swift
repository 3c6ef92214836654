package import Lifecycle
internal import Model
package import Restart

extension RunRecord: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            state: try keys.read("state"), history: try keys.readIfPresent("history") ?? RestartHistory(),
            lastExit: try keys.readIfPresent("lastExit"), startFailure: try keys.readIfPresent("startFailure"),
            outOfMemory: try keys.readIfPresent("outOfMemory") ?? false,
            outOfMemoryTold: try keys.readIfPresent("outOfMemoryTold") ?? false,
            startedAt: try keys.readIfPresent("startedAt"), finishedAt: try keys.readIfPresent("finishedAt"),
            reason: try keys.readIfPresent("reason"), removalFailure: try keys.readIfPresent("removalFailure"),
            owner: try keys.readIfPresent("owner"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("state", state)
        try keys.put("history", history)
        try keys.putIfPresent("lastExit", lastExit)
        try keys.putIfPresent("startFailure", startFailure)
        try keys.put("outOfMemory", outOfMemory)
        try keys.put("outOfMemoryTold", outOfMemoryTold)
        try keys.putIfPresent("startedAt", startedAt)
        try keys.putIfPresent("finishedAt", finishedAt)
        try keys.putIfPresent("reason", reason)
        try keys.putIfPresent("removalFailure", removalFailure)
        try keys.putIfPresent("owner", owner)
    }
}

extension RestartHistory: StoredObject {
    package static var absent: Self { RestartHistory() }

    package static let fields: [StoredField<Self>] = [
        StoredField("count", \.count), StoredField("delay", \.delay), StoredField("userStop", \.userStop),
        StoredField("lastStart", \.lastStart),
    ]
}
