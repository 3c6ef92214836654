package import Lifecycle
internal import Model

extension ContainerState: StoredChoice {
    package enum Word: String, CaseIterable, Sendable {
        case created, starting, running, paused, stopping, backingOff, exited, removing, dead
    }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .created: self = .created
        case .starting: self = .starting(try parts.read(.only))
        case .running: self = .running
        case .paused: self = .paused
        case .stopping: self = .stopping(try parts.read(.only))
        case .backingOff: self = .backingOff(try parts.read(.only))
        case .exited: self = .exited
        case .removing: self = .removing
        case .dead: self = .dead
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .created: choice.put(.created)
        case .starting(let launch): try choice.put(.starting) { try $0.put(.only, launch) }
        case .running: choice.put(.running)
        case .paused: choice.put(.paused)
        case .stopping(let stopping): try choice.put(.stopping) { try $0.put(.only, stopping) }
        case .backingOff(let backoff): try choice.put(.backingOff) { try $0.put(.only, backoff) }
        case .exited: choice.put(.exited)
        case .removing: choice.put(.removing)
        case .dead: choice.put(.dead)
        }
    }
}

extension Launch: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            origin: try keys.read("origin"), stop: try keys.readIfPresent("stop"),
            signals: try keys.readIfPresent("signals") ?? [])
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("origin", origin)
        try keys.putIfPresent("stop", stop)
        try keys.put("signals", signals)
    }
}

extension LaunchOrigin: StoredName {
    package var storedName: String {
        switch self {
        case .user: "user"
        case .restartCommand: "restartCommand"
        case .policy: "policy"
        case .supervisorStart: "supervisorStart"
        }
    }
}

extension Backoff: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(delay: try keys.read("delay"), due: try keys.read("due"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("delay", delay)
        try keys.put("due", due)
    }
}
