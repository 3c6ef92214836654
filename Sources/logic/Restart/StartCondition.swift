/// What has to be true of one container before another is started.
public enum StartCondition: Hashable, Sendable, CaseIterable {
    /// Its process runs.
    case started
    /// Its health check passes.
    case healthy
    /// It has ended with code 0.
    case completed
}

extension StartCondition {
    /// The services that compose's label `com.docker.compose.depends_on` names, with their conditions:
    /// `db:service_healthy:false,cache:service_started:true`. A condition that is missing or not known is `started`.
    public static func composeDependencies(_ label: String) -> [(service: String, condition: StartCondition)] {
        label.split(separator: ",").compactMap { word in
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard let service = parts.first, !service.isEmpty else { return nil }
            let condition: StartCondition =
                switch parts.count > 1 ? parts[1] : "" {
                case "service_healthy": .healthy
                case "service_completed_successfully": .completed
                default: .started
                }
            return (String(service), condition)
        }
    }
}

/// That one container needs another.
public struct StartNeed<ID: Hashable & Sendable>: Hashable, Sendable {
    /// Who is needed.
    public var id: ID
    /// What has to be true of it.
    public var condition: StartCondition

    /// A need by its parts.
    public init(_ id: ID, _ condition: StartCondition) {
        self.id = id
        self.condition = condition
    }
}
