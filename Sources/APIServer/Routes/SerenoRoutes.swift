internal import DockerAPI
internal import Engine
internal import Model
internal import NIOHTTP1

/// What Docker has no route for: the reasons of decisions, and the launch plan.
let serenoRoutes: [Route] = [
    Route(.GET, "/sereno/containers/{name}/why") { engine, request in
        let decisions = try await engine.decisions(request.name)
        return .json([
            "Decisions": .array(
                decisions.map { ["Time": .string($0.time.rfc3339Fixed), "Reason": .string($0.reason.description)] })
        ])
    },
    Route(.GET, "/sereno/containers/{name}/plan") { engine, request in
        .json(["Lines": .array(try await engine.plan(request.name).map { .string($0) })])
    },
]
