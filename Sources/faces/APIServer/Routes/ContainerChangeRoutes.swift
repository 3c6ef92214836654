internal import DockerAPI
internal import Engine
internal import FileService
import JSONFormat
internal import Linux
internal import Model
internal import NIOHTTP1
internal import Supervision

/// Routes that create, change and remove containers.
let containerChangeRoutes: [Route] = [
    Route(.POST, "/containers/create") { engine, request in
        let name = request.query.text("name")
        if !name.isEmpty, ContainerName(name) == nil {
            throw RequestError.invalid(
                "Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        let platform = request.version < .platformOfCreate ? nil : try request.platform()
        let spec = try await ContainerCreateRequest(request.json(on: engine)).parse(on: .this, version: request.version)
        let (id, warnings) = try await engine.create(
            spec, name: name.isEmpty ? nil : name, platform: platform, by: request.client)
        return .json(["Id": .string(id.text), "Warnings": .array(warnings.map { .string($0) })], status: .created)
    },
    Route(.POST, "/containers/{name}/update") { engine, request in
        let body = try await ContainerUpdateRequest(request.json(on: engine))
        let current = try engine.inspect(request.name)
        var update = ContainerUpdate()
        update.restart = try body.restartPolicy()
        let resources = try body.resources(changing: current.spec.resources, on: .this)
        if resources != current.spec.resources { update.resources = resources }
        let warnings = try await engine.update(request.name, update, by: request.client)
        return .json(["Warnings": .array(warnings.map { .string($0) })])
    },
    Route(.POST, "/containers/{name}/rename") { engine, request in
        do throws(EngineError) {
            try await engine.rename(request.name, to: request.query.text("name"), by: request.client)
        } catch {
            let isAboutName = error.message.contains("ontainer name")
            throw EngineError(error.kind, (isAboutName ? "Error when allocating new name: " : "") + error.message)
        }
        return .empty(.noContent)
    },
    Route(.DELETE, "/containers/{name}") { engine, request in
        if request.query.flag("link") {
            throw RequestError.invalid("Conflict, cannot remove the default link name of the container")
        }
        try await engine.remove(
            request.name, force: request.query.flag("force"), volumes: request.query.flag("v"),
            by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/containers/prune") { engine, request in
        .json(try await request.pruneContainers(on: engine))
    },
]

extension ContainerCreateRequest.Host {
    /// The host on which the daemon runs.
    static var this: Self {
        Self(processors: HostMachine.processors, memoryNodes: memoryNodes)
    }

    /// The number of directories in /sys/devices/system/node (numa(7)). It does not change while the machine runs.
    private static let memoryNodes: Int = {
        var count = 0
        // bounded: the kernel counts its nodes.
        while HostFile.exists("/sys/devices/system/node/node\(count)") { count += 1 }
        return max(1, count)
    }()
}

extension APIRequest {
    /// Removes every container that does not run and passes the filters.
    fileprivate func pruneContainers(on engine: isolated Engine) async throws -> JSON {
        let filters = try Filters(parsing: query.text("filters"), accepting: ["label", "label!", "until"])
        let until = try filters["until"]?.last.map { try PruneTime.parse($0, now: WallTime.now) }
        var removed: [JSON] = []
        var reclaimed: Int64 = 0
        for container in engine.list() where !container.state.running {
            if let until, container.created > until { continue }
            let labels = container.spec.labels
            guard filters.matchesLabels(labels) else { continue }
            if filters["label!"] != nil, filters.matchesLabels(labels, name: "label!") { continue }
            let size = (try? await files.measured(container.id.text, on: engine))?.size?.writable ?? 0
            do {
                try await engine.remove(container.id.text, force: false, volumes: false, by: client)
            } catch {
                continue
            }
            removed.append(.string(container.id.text))
            reclaimed = reclaimed.saturatingAdding(size)
        }
        return ["ContainersDeleted": removed.isEmpty ? nil : .array(removed), "SpaceReclaimed": .integer(reclaimed)]
    }
}
