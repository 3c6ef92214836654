/// Condition on one container for the start of another.
public enum StartCondition: Hashable, Sendable, CaseIterable {
    /// Its process runs.
    case started
    /// Its health check passes.
    case healthy
    /// It has ended with code 0.
    case completed
}

/// The labels of docker compose that name a container's project and the services it needs.
public enum ComposeLabels {
    /// The project of a container.
    public static let project = "com.docker.compose.project"
    /// Its service in the project.
    public static let service = "com.docker.compose.service"
    /// The services it needs, in the form that `dependencies` reads.
    public static let dependsOn = "com.docker.compose.depends_on"

    /// A service that another needs.
    public struct Dependency: Hashable, Sendable {
        /// The service's name, in the same project.
        public let service: String
        /// Condition on its containers.
        public let condition: StartCondition
        /// Whether its restart restarts the service that needs it.
        public let restarts: Bool
    }

    /// The services that a `dependsOn` label names: `db:service_healthy:false,cache:service_started:true`. Missing or unknown
    /// parts are `started` and `false`; an entry without a service is left out.
    public static func dependencies(_ label: String) -> [Dependency] {
        label.split(byte: ",").compactMap { entry in
            let parts = entry.split(byte: ":", omittingEmptySubsequences: false)
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
