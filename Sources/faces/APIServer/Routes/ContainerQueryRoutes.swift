internal import DockerAPI
internal import Engine
internal import FileService
internal import HostService
internal import ImageService
internal import Images
internal import Linux
internal import Model
internal import NIOHTTP1
internal import Supervision

/// Routes that report containers: list, inspect, top, changes.
let containerQueryRoutes: [Route] = [
    Route(.GET, "/containers/json") { engine, request in
        let query = request.query
        let list = try ContainerListRequest(
            all: query.flag("all"), limit: try query.integer("limit") ?? 0, filters: query.text("filters"))
        let all = engine.list()
        // Off the loop: patterns and labels that clients wrote may be costly.
        let images = request.images.catalogue
        let identity = { @Sendable (name: String) in images.identity(of: name)?.description }
        var selected = try await engine.compute {
            try list.select(from: all, image: identity) { name throws(RequestError) in
                guard let found = all.resolve(name) else { throw .notFound("No such container: \(name)") }
                return found
            }
        }
        if query.flag("size") {
            for (index, container) in selected.enumerated() {
                if let measured = try await request.measured(container, on: engine) { selected[index] = measured }
            }
        }
        let (shown, version) = (selected, request.version)
        return .encoded(
            try await engine.compute {
                ContainerAnswer.list(shown, now: WallTime.now, version: version, image: identity)
            })
    },
    Route(.GET, "/containers/{name}/json") { engine, request in
        var container =
            request.query.flag("size")
            ? try await request.files.measured(request.name, on: engine) : try engine.inspect(request.name)
        if let image = ImageID(container.spec.imageID) {
            container.paths.lowerDirectories = request.images.catalogue.containerDirectories(of: image)
        }
        return .json(ContainerAnswer(container, defaults: request.answerDefaults, version: request.version).inspect)
    },
    Route(.GET, "/containers/{name}/top") { engine, request in
        let arguments = request.query["ps_args"] ?? "-ef"
        return .json(
            try await request.host.top(
                request.name, arguments: arguments.isEmpty ? "-ef" : arguments, on: engine
            ).json)
    },
    Route(.GET, "/containers/{name}/changes") { engine, request in
        let changes = try await request.files.changes(request.name, on: engine)
        return .json(changes.isEmpty ? nil : .array(changes.map(\.json)))
    },
]

extension [ContainerSnapshot] {
    /// The container with a name, an ID or an unambiguous beginning of an ID.
    func resolve(_ reference: String) -> ContainerSnapshot? {
        let name = reference.hasPrefix("/") ? String(reference.dropFirst()) : reference
        if let exact = first(where: { $0.id.text == reference || $0.name.text == name }) { return exact }
        let beginnings = filter { !reference.isEmpty && $0.id.text.hasPrefix(reference) }
        return beginnings.count == 1 ? beginnings.first : nil
    }
}

extension APIRequest {
    /// A container of a list with its sizes; `nil` when it has been removed since.
    func measured(
        _ container: ContainerSnapshot, on engine: isolated Engine
    ) async throws(EngineError) -> ContainerSnapshot? {
        do throws(EngineError) {
            return try await files.measured(container.id.text, on: engine)
        } catch {
            if error.kind == .unavailable { throw error }
            return nil
        }
    }

    /// The values that inspect shows for what a container leaves open.
    var answerDefaults: ContainerAnswer.Defaults {
        var defaults = ContainerAnswer.Defaults()
        defaults.appArmorProfile = host.standardAppArmorProfile
        defaults.runtime = supervisor.engine.configuration.defaultRuntime
        defaults.unifiedCgroups = host.hasUnifiedCgroups
        return defaults
    }
}
