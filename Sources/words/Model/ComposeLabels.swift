/// What has to be true of one container before another is started.
public enum StartCondition: Hashable, Sendable, CaseIterable {
    /// Its process runs.
    case started
    /// Its health check passes.
    case healthy
    /// It has ended with code 0.
    case completed
}

/// The labels that docker compose puts on the containers it makes, as far as they say who belongs together and who needs whom.
public enum ComposeLabels {
    /// The project of a container.
    public static let project = "com.docker.compose.project"
    /// Its service in the project.
    public static let service = "com.docker.compose.service"
    /// What the service needs, in the form that `dependencies` reads.
    public static let dependsOn = "com.docker.compose.depends_on"

    /// A service that another needs.
    public struct Dependency: Hashable, Sendable {
        /// The service's name, in the same project.
        public let service: String
        /// What has to be true of its containers.
        public let condition: StartCondition
        /// Whether the one that needs it is restarted when it is.
        public let restarts: Bool
    }

    /// The services that a `dependsOn` label names: `db:service_healthy:false,cache:service_started:true`. Parts that are missing or
    /// not known are `started` and `false`; an entry without a service is left out.
    public static func dependencies(_ label: String) -> [Dependency] {
        label.split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
            guard let service = parts.first, !service.isEmpty else { return nil }
            let condition: StartCondition =
                switch parts.count > 1 ? parts[1] : "" {
                case "service_healthy": .healthy
                case "service_completed_successfully": .completed
                default: .started
                }
            return Dependency(
                service: String(service), condition: condition, restarts: parts.count > 2 && parts[2] == "true")
        }
    }
}
