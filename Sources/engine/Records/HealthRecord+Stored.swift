package import Health
package import Model

extension HealthRecord: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            snapshot: try keys.readIfPresent("snapshot") ?? HealthSnapshot(), run: try keys.readIfPresent("run"),
            began: try keys.readIfPresent("began") ?? MonotonicInstant(nanoseconds: 0),
            due: try keys.readIfPresent("due"), probes: try keys.readIfPresent("probes") ?? 0)
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("snapshot", snapshot)
        try keys.putIfPresent("run", run)
        try keys.put("began", began)
        try keys.putIfPresent("due", due)
        try keys.put("probes", probes)
    }
}

extension HealthSnapshot: StoredObject {
    package static var absent: Self { HealthSnapshot() }

    package static let fields: [StoredField<Self>] = [
        StoredField("status", \.status), StoredField("failingStreak", \.failingStreak), StoredField("log", \.log),
    ]
}

extension HealthSnapshot.Status: StoredName {
    package var storedName: String {
        switch self {
        case .starting: "starting"
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        }
    }
}

extension HealthSnapshot.Result: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            start: try keys.read("start"), end: try keys.read("end"), exitCode: try keys.read("exitCode"),
            output: try keys.readIfPresent("output") ?? "")
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("start", start)
        try keys.put("end", end)
        try keys.put("exitCode", exitCode)
        try keys.put("output", output)
    }
}
