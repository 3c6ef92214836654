internal import DockerAPI
internal import Engine
internal import ImageService
internal import Images
internal import Linux
internal import Model
internal import NIOHTTP1

/// Routes for images of this host: list, inspect, history, names, removal.
let imageRoutes: [Route] = [
    Route(.GET, "/images/json") { engine, request in
        let filter = try ImageFilter(request, accepting: ImageFilter.listFilters)
        let images = try await request.images.perform { try $0.list(filter) }
        return .json(.array(images.map { $0.json(containers: -1, version: request.version) }))
    },
    Route(.GET, "/images/{name...}/json") { engine, request in
        let name = request.name
        return .json(try await request.images.perform { try $0.inspect(name) }.json(request.version))
    },
    Route(.GET, "/images/{name...}/history") { engine, request in
        let name = request.name
        return .json(.array(try await request.images.perform { try $0.history(name) }.map(\.json)))
    },
    Route(.POST, "/images/{name...}/tag") { engine, request in
        let name = request.name
        let reference = try request.imageReference()
        let id = try await request.images.perform { try $0.tag(name, as: reference) }
        engine.emitImage("tag", id.description, name: reference.familiar)
        return .empty(.created)
    },
    Route(.DELETE, "/images/{name...}") { engine, request in
        let name = request.name
        let force = request.query.flag("force")
        let prune = !request.query.flag("noprune")
        let uses = ImageUse.all(by: engine.list())
        let removed = try await request.images.perform { try $0.remove(name, force: force, prune: prune, uses: uses) }
        engine.emitRemoved(removed)
        return .json(.array(removed.map(\.json)))
    },
    Route(.POST, "/images/prune") { engine, request in
        let filters = try Filters(
            parsing: request.query.text("filters"), accepting: ["dangling", "label", "label!", "until"])
        var filter = ImageFilter()
        filter.labels = filters["label"] ?? []
        filter.excludedLabels = filters["label!"] ?? []
        if let until = filters["until"]?.last { filter.until = try PruneTime.parse(until, now: WallTime.now) }
        let all = try filters.flag("dangling") == false
        let wanted = filter
        let uses = ImageUse.all(by: engine.list())
        let result = try await request.images.perform { try $0.prune(all: all, filter: wanted, uses: uses) }
        engine.emitRemoved(result.removed)
        return .json([
            "ImagesDeleted": result.removed.isEmpty ? nil : .array(result.removed.map(\.json)),
            "SpaceReclaimed": .integer(result.reclaimed),
        ])
    },
]

extension ImageFilter {
    static let listFilters: Set<String> = ["dangling", "label", "before", "since", "reference", "until"]

    /// The filter that a request's `filters` parameter describes.
    init(_ request: APIRequest, accepting accepted: Set<String>) throws(RequestError) {
        self.init()
        let filters = try Filters(parsing: request.query.text("filters"), accepting: accepted)
        dangling = try filters.flag("dangling")
        labels = filters["label"] ?? []
        references = filters["reference"] ?? []
        before = filters["before"]?.last
        since = filters["since"]?.last
        if let text = filters["until"]?.last { until = try PruneTime.parse(text, now: WallTime.now) }
    }
}

extension APIRequest {
    /// The reference that the parameters `repo` and `tag` make.
    func imageReference() throws(RequestError) -> ImageReference {
        let tag = query.text("tag")
        let text = query.text("repo") + (tag.isEmpty ? "" : ":" + tag)
        do throws(ImageReference.Invalid) {
            return try ImageReference(parsing: text)
        } catch {
            throw .invalid(error.message)
        }
    }
}

extension Engine {
    /// Emits an event about an image.
    func emitImage(_ action: String, _ id: String, name: String) {
        events.append(
            EventMessage(
                type: "image", action: action, actorID: id, attributes: ["name": name], time: WallTime.now))
    }

    /// Emits events about names and images that were removed. As with Docker they name the image by its ID, and layers have none.
    func emitRemoved(_ removed: [RemovedImage]) {
        for removal in removed {
            switch removal {
            case .untagged(_, let id): emitImage("untag", id.description, name: id.description)
            case .deleted(let id): emitImage("delete", id.description, name: id.description)
            case .deletedLayer: break
            }
        }
    }
}
