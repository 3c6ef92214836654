/// Routes that Docker's API has and this daemon answers with 501 and a sentence.
let unbuiltRoutes: [Route] =
    [
        .notBuilt(.POST, "/auth", "registries are not built yet: there is nothing to log in to"),
        .notBuilt(.POST, "/build", "building images is not built yet; use import or load"),
        .notBuilt(.POST, "/build/cancel", "building images is not built yet"),
        .notBuilt(.POST, "/session", "building images is not built yet"),
        .notBuilt(.POST, "/grpc", "building images is not built yet"),
        .notBuilt(.POST, "/commit", "making images from containers is not built yet; use export and import"),
        .notBuilt(.POST, "/images/{name...}/push", "registries are not built yet; use save"),
        .notBuilt(.GET, "/images/search", "registries are not built yet: there is nothing to search"),
        .notBuilt(.GET, "/distribution/{name...}/json", "registries are not built yet"),
        .notBuilt(.GET, "/containers/{name}/checkpoints", "checkpoints are not built yet"),
        .notBuilt(.POST, "/containers/{name}/checkpoints", "checkpoints are not built yet"),
        .notBuilt(.DELETE, "/containers/{name}/checkpoints/{checkpoint}", "checkpoints are not built yet"),
        .notBuilt(.POST, "/networks/create", "networks other than none and host are not built yet"),
        .notBuilt(.POST, "/networks/{name}/connect", "networks other than none and host are not built yet"),
        .notBuilt(.POST, "/networks/{name}/disconnect", "networks other than none and host are not built yet"),
        .notBuilt(.POST, "/volumes/create", "named volumes are not built yet; use a bind mount"),
        .notBuilt(.POST, "/plugins/pull", "plugins are not built yet"),
        .notBuilt(.POST, "/plugins/create", "plugins are not built yet"),
        .notBuilt(.POST, "/swarm/init", "swarm mode is not built: this machine cannot be a node of a swarm"),
        .notBuilt(.POST, "/swarm/join", "swarm mode is not built: this machine cannot be a node of a swarm"),
    ] + swarmRoutes
