internal import DockerAPI
internal import NIOHTTP1

/// Routes of swarm mode. They answer as a dockerd that is in no swarm, by which clients know that there is none.
let swarmRoutes: [Route] =
    [
        Route(.POST, "/swarm/leave") { _, _ in
            throw RequestError(status: 503, message: "This node is not part of a swarm")
        },
        .ofManager(.GET, "/swarm"), .ofManager(.POST, "/swarm/update"), .ofManager(.GET, "/swarm/unlockkey"),
        .ofManager(.POST, "/swarm/unlock"), .ofManager(.GET, "/services/{id}/logs"),
        .ofManager(.GET, "/tasks/{id}/logs"),
    ]
    + ["nodes", "services", "tasks", "secrets", "configs"].flatMap { noun in
        [Route.ofManager(.GET, "/\(noun)"), .ofManager(.GET, "/\(noun)/{id}")]
    }
    + ["nodes", "services", "secrets", "configs"].flatMap { noun in
        [
            Route.ofManager(.POST, "/\(noun)/create"), .ofManager(.POST, "/\(noun)/{id}/update"),
            .ofManager(.DELETE, "/\(noun)/{id}"),
        ]
    }

extension Route {
    /// A request that a manager of a swarm answers.
    fileprivate static func ofManager(_ method: HTTPMethod, _ pattern: String) -> Route {
        Route(method, pattern) { _, _ in
            throw RequestError(
                status: 503,
                message:
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect "
                    + "this node to swarm and try again.")
        }
    }
}
