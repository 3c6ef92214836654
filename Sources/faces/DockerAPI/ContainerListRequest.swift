public import Model

/// The parameters and filters of `GET /containers/json`: which containers `ps` shows.
public struct ContainerListRequest: Sendable {
    /// Whether containers that do not run are shown.
    public var all: Bool
    /// Most containers shown, newest first, running or not; 0 is no bound.
    public var limit: Int
    private let filters: Filters
    /// The value of the filter `is-task`; containers of services do not exist here.
    private let isTask: Bool?

    /// The filters that dockerd knows.
    public static let acceptedFilters: Set<String> = [
        "ancestor", "before", "exited", "id", "isolation", "label", "name", "status", "health", "since", "volume",
        "network", "is-task", "publish", "expose",
    ]

    private static let healthStates: Set<String> = ["none", "starting", "healthy", "unhealthy"]

    /// A request from its parameters. Bad statuses and exit codes are refused with dockerd's texts.
    public init(all: Bool, limit: Int, filters text: String) throws(RequestError) {
        filters = try Filters(parsing: text, accepting: Self.acceptedFilters)
        for status in filters["status"] ?? [] where StateSnapshot.Status(rawValue: status) == nil {
            throw .invalid(
                "invalid filter 'status=\(status)': invalid value for state (\(status)): must be one of created, running, "
                    + "paused, restarting, removing, exited, dead")
        }
        for code in filters["exited"] ?? [] where Int(code) == nil {
            throw .invalid(
                "invalid filter 'exited=\(code)': strconv.Atoi: parsing \"\(code)\": invalid syntax")
        }
        for health in filters["health"] ?? [] where !Self.healthStates.contains(health) {
            throw .invalid(
                "invalid filter 'health=\(health)': invalid value for health (\(health)): must be one of none, starting, "
                    + "healthy, unhealthy")
        }
        for name in ["publish", "expose"] {
            for port in filters[name] ?? [] where PortSpecification(port) == nil {
                let number = port.cut(at: "/").before
                throw .invalid(
                    "error while looking up for \(name) \(port): strconv.ParseUint: parsing \"\(number)\": invalid syntax"
                )
            }
        }
        isTask = try filters.flag("is-task")
        self.all = all || filters["status"] != nil
        self.limit = limit
    }

    /// The containers to show. `containers` holds all containers, newest first.
    ///
    /// `resolve` finds the containers named by `before` and `since`, `image` the ID of the image that a name means now.
    public func select(
        from containers: [ContainerSnapshot], image: (String) -> String?,
        resolve: (String) throws(RequestError) -> ContainerSnapshot
    ) throws(RequestError) -> [ContainerSnapshot] {
        let ancestors = filters["ancestor"].map { Set($0.compactMap(image)) }
        var before: ContainerSnapshot?
        var since: ContainerSnapshot?
        if let name = filters["before"]?.last { before = try resolve(name) }
        if let name = filters["since"]?.last { since = try resolve(name) }
        var selected: [ContainerSnapshot] = []
        for container in containers {
            if limit > 0, selected.count == limit { break }
            if !all, limit <= 0, !container.state.running { continue }
            if let before, container.created >= before.created { continue }
            if let since, container.created <= since.created { continue }
            if let ancestors, !ancestors.contains(container.spec.imageID) { continue }
            if matches(container) { selected.append(container) }
        }
        return selected
    }

    private func matches(_ container: ContainerSnapshot) -> Bool {
        let spec = container.spec
        let name = container.name.text
        return filters.matches("id") { NamePattern.isMatch($0, container.id.text) }
            && filters.matches("name") { NamePattern.isMatch($0, name) || NamePattern.isMatch($0, "/" + name) }
            && filters.matches("status") { $0 == container.state.status.rawValue }
            && filters.matches("exited") { matches(container.state, exited: $0) }
            && filters.matchesLabels(spec.labels)
            && filters.matches("volume") { place in
                spec.mounts.contains { $0.source.text == place || $0.target == place }
            }
            && filters.matches("network") { isNetwork($0, of: spec) }
            && filters.matches("health") { $0 == container.state.health?.status.rawValue ?? "none" }
            && isTask != true
            && filters.matches("publish") { port in spec.network.portBindings.keys.contains { samePort($0, port) } }
            && filters.matches("expose") { port in spec.network.exposedPorts.contains { samePort($0, port) } }
    }

    private func matches(_ state: StateSnapshot, exited code: String) -> Bool {
        !state.running && state.startedAt != nil && String(state.exitCode) == code
    }

    private func isNetwork(_ wanted: String, of spec: ContainerSpec) -> Bool {
        if wanted == spec.network.mode.text { return true }
        guard let network = PredefinedNetwork(reference: wanted) else { return false }
        return network.rawValue == spec.network.mode.text
    }

    private func samePort(_ port: String, _ wanted: String) -> Bool {
        port == wanted || port == wanted + "/tcp"
    }
}
