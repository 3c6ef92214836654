package import Lifecycle
internal import Model

extension Stopping: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            purpose: try keys.read("purpose"), sequence: try keys.read("sequence"),
            step: try keys.readIfPresent("step") ?? 0, due: try keys.readIfPresent("due"),
            kills: try keys.readIfPresent("kills") ?? 0)
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("purpose", purpose)
        try keys.put("sequence", sequence)
        try keys.put("step", step)
        try keys.putIfPresent("due", due)
        try keys.put("kills", kills)
    }
}

extension PendingStop: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            purpose: try keys.read("purpose"), sequence: try keys.read("sequence"),
            requested: try keys.readIfPresent("requested"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("purpose", purpose)
        try keys.put("sequence", sequence)
        try keys.putIfPresent("requested", requested)
    }
}

extension StopPurpose: StoredName {
    package var storedName: String {
        switch self {
        case .stop: "stop"
        case .kill: "kill"
        case .restart: "restart"
        case .remove: "remove"
        case .shutdown: "shutdown"
        case .watchdog: "watchdog"
        }
    }
}

extension StopSequence: Stored {
    package init(stored decoder: any Decoder) throws { self.init(steps: try decoder.keys().read("steps")) }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("steps", steps)
    }
}

extension StopStep: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(signal: try keys.read("signal"), grace: try keys.readIfPresent("grace"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("signal", signal)
        try keys.putIfPresent("grace", grace)
    }
}
