internal import DockerAPI
internal import NIOHTTP1

/// Routes for the two networks that exist, and for volumes and plugins, of which there are none.
let networkAndVolumeRoutes: [Route] = [
    Route(.GET, "/networks") { _, _ in .json(.array(PredefinedNetwork.allCases.map(\.json))) },
    Route(.GET, "/networks/{name}") { _, request in
        guard let network = PredefinedNetwork(reference: request.name) else {
            throw RequestError.notFound("network \(request.name) not found")
        }
        return .json(network.json)
    },
    Route(.DELETE, "/networks/{name}") { _, request in
        guard let network = PredefinedNetwork(reference: request.name) else {
            throw RequestError.notFound("network \(request.name) not found")
        }
        throw RequestError(
            status: 403, message: "\(network.rawValue) is a pre-defined network and cannot be removed")
    },
    Route(.POST, "/networks/prune") { _, _ in .json(["NetworksDeleted": nil]) },
    Route(.GET, "/volumes") { _, _ in .json(["Volumes": [], "Warnings": nil]) },
    Route(.GET, "/volumes/{name}") { _, request in
        throw RequestError.notFound("get \(request.name): no such volume")
    },
    Route(.DELETE, "/volumes/{name}") { _, request in
        throw RequestError.notFound("get \(request.name): no such volume")
    },
    Route(.POST, "/volumes/prune") { _, _ in .json(["VolumesDeleted": nil, "SpaceReclaimed": 0]) },
    // There is no build cache, so nothing is to be removed; `system prune` sends this request too.
    Route(.POST, "/build/prune") { _, _ in .json(["CachesDeleted": nil, "SpaceReclaimed": 0]) },
    Route(.GET, "/plugins") { _, _ in .json([]) },
    Route(.GET, "/plugins/{name...}/json") { _, request in
        throw RequestError.notFound("plugin \"\(request.name)\" not found")
    },
]
