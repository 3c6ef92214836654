internal import DockerAPI
internal import Engine
import JSONFormat
internal import Model
internal import NIOHTTP1
internal import Supervision

/// Routes that Docker's API lacks: the reasons of decisions, the launch plan, the requests of init systems' units.
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
            "Process": .integer(identity.process), "Keeper": .integer(identity.keeper),
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
            "Connections": .integer(counters.connections),
            "MaximumConnections": .integer(request.table.bounds.connections),
            "Accepted": .integer(counters.accepted), "Evicted": .integer(counters.evicted),
            "Refused": .integer(counters.refused), "Expired": .integer(counters.expired),
            "Oversized": .integer(counters.oversized),
            "Held": .integer(counters.held), "MaximumHeld": .integer(request.table.bounds.memory),
            "LetGo": .integer(counters.letGo),
        ])
    },
    Route(.POST, "/sereno/containers/{name}/start") { engine, request in
        let query = request.query
        let place = RunPlace(controlGroup: query["control-group"], notifySocket: query["notify-socket"])
        try await engine.start(
            request.name, in: UnitStart(place: place, kind: try request.initStart()), by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/sereno/containers/{name}/start-condition") { engine, request in
        let refusal = try engine.refusalOfInitStart(request.name, try request.initStart())
        return .json(["Start": .bool(refusal == nil), "Reason": .string(refusal ?? "")])
    },
    Route(.POST, "/sereno/containers/{name}/owner") { engine, request in
        try await engine.handOver(request.name, to: try request.initUnit(), by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/sereno/containers/{name}/shutdown") { engine, request in
        try await engine.end(request.name, for: .shutdown)
        return .empty(.noContent)
    },
    Route(.POST, "/sereno/containers/{name}/watchdog") { engine, request in
        try await engine.end(request.name, for: .watchdog)
        return .empty(.noContent)
    },
]

extension APIRequest {
    /// The kind of start in the parameter `by`; `nil` when absent.
    func initStart() throws(RequestError) -> InitStart? {
        let typed = query.text("by")
        if typed.isEmpty { return nil }
        guard let start = InitStart(rawValue: typed) else {
            throw .invalid("invalid start: \(typed): use one of user, restart, boot")
        }
        return start
    }

    /// The unit in the parameters `system` and `unit`; `nil` for `sereno`, which takes the restarts back.
    func initUnit() throws(RequestError) -> InitUnit? {
        let typed = query.text("system")
        if typed == "sereno" { return nil }
        guard let system = InitSystem(rawValue: typed) else {
            throw .invalid("invalid owner of restarts: \(typed): use one of sereno, systemd, upstart, supervisord")
        }
        return InitUnit(system: system, name: query.text("unit"))
    }
}
