internal import DockerAPI
internal import NIOHTTP1

/// The two networks there are, the volumes there are not, and no plugins.
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
    // There is no build cache, so that all of it is gone: `system prune` asks for this too.
    Route(.POST, "/build/prune") { _, _ in .json(["CachesDeleted": nil, "SpaceReclaimed": 0]) },
    Route(.GET, "/plugins") { _, _ in .json([]) },
    Route(.GET, "/plugins/{name...}/json") { _, request in
        throw RequestError.notFound("plugin \"\(request.name)\" not found")
    },
]
