internal import DockerAPI
internal import Engine
internal import Linux
internal import Model
internal import NIOHTTP1

/// Routes for the two networks that exist, and for volumes and plugins, of which there are none.
let networkAndVolumeRoutes: [Route] = [
    Route(.GET, "/networks") { engine, request in
        let filters = try NetworkFilters(parsing: request.query.text("filters"))
        let networks = PredefinedNetwork.allCases.filter(filters.select)
        guard request.version < .networkListWithoutContainers else { return .json(.array(networks.map(\.json))) }
        let containers = engine.list()
        return .json(.array(networks.map { $0.inspect(containers) }))
    },
    Route(.GET, "/networks/{name}") { engine, request in
        guard let network = PredefinedNetwork(reference: request.name) else {
            throw RequestError.notFound("network \(request.name) not found")
        }
        return .json(network.inspect(engine.list()))
    },
    Route(.DELETE, "/networks/{name}") { _, request in
        guard let network = PredefinedNetwork(reference: request.name) else {
            throw RequestError.notFound("network \(request.name) not found")
        }
        throw RequestError(
            status: 403, message: "\(network.rawValue) is a pre-defined network and cannot be removed")
    },
    Route(.POST, "/networks/prune") { _, request in
        let filters = try request.filters(["label", "label!", "until"])
        for time in filters["until"] ?? [] { _ = try PruneTime.parse(time, now: WallTime.now) }
        return .json(["NetworksDeleted": nil])
    },
    Route(.GET, "/volumes") { _, request in
        _ = try request.filters(["dangling", "driver", "label", "name"]).flag("dangling")
        return .json(["Volumes": [], "Warnings": nil])
    },
    Route(.GET, "/volumes/{name}") { _, request in
        throw RequestError.notFound("get \(request.name): no such volume")
    },
    Route(.DELETE, "/volumes/{name}") { _, request in
        if request.query.flag("force") { return .empty(.noContent) }
        throw RequestError.notFound("get \(request.name): no such volume")
    },
    Route(.POST, "/volumes/prune") { _, request in
        _ = try request.filters(["all", "label", "label!"]).flag("all")
        return .json(["VolumesDeleted": nil, "SpaceReclaimed": 0])
    },
    // There is no build cache, so nothing is to be removed; `system prune` sends this request too.
    Route(.POST, "/build/prune") { _, _ in .json(["CachesDeleted": nil, "SpaceReclaimed": 0]) },
    Route(.GET, "/plugins") { _, request in
        _ = try request.filters(["capability", "enabled"]).flag("enabled")
        return .json([])
    },
    Route(.GET, "/plugins/{name...}/json") { _, request in
        throw RequestError.notFound("plugin \"\(request.name)\" not found")
    },
]

extension APIRequest {
    /// The parameter `filters`, of which dockerd takes these.
    fileprivate func filters(_ accepted: Set<String>) throws(RequestError) -> Filters {
        try Filters(parsing: query.text("filters"), accepting: accepted)
    }
}
