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
                decisions.map { ["Time": .string($0.time.rfc3339Fixed), "Reason": .string($0.description)] })
        ])
    },
    Route(.GET, "/sereno/engine") { engine, _ in
        let identity = engine.identity()
        let last: JSON? = engine.replacement().map { last in
            [
                "Succeeded": .bool(last.succeeded), "Text": .string(last.text),
                "Time": .string(last.time.rfc3339Fixed),
            ]
        }
        return .json([
            "Process": .integer(Int64(identity.process)), "Keeper": .integer(Int64(identity.keeper)),
            "Started": .string(identity.started.rfc3339Fixed), "Reload": last ?? .null,
        ])
    },
    Route(.POST, "/sereno/reload") { engine, _ in
        try engine.reload()
        return .json([:])
    },
    Route(.GET, "/sereno/containers/{name}/plan") { engine, request in
        .json(["Lines": .array(try await engine.plan(request.name).map { .string($0) })])
    },
    Route(.GET, "/sereno/api") { _, request in
        let counters = request.table.counters
        return .json([
            "Connections": .integer(Int64(counters.connections)),
            "MaximumConnections": .integer(Int64(request.table.bounds.connections)),
            "Accepted": .integer(Int64(counters.accepted)), "Evicted": .integer(Int64(counters.evicted)),
            "Refused": .integer(Int64(counters.refused)), "Expired": .integer(Int64(counters.expired)),
            "Oversized": .integer(Int64(counters.oversized)),
        ])
    },
]
