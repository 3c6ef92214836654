internal import DockerAPI
internal import Engine
internal import Images
internal import NIOHTTP1

/// What takes up space.
let diskUsageRoutes: [Route] = [
    Route(.GET, "/system/df") { engine, request in
        let images = try await engine.images { try $0.list() }
        let uses = engine.imageUses()
        let now = WallClock.now
        var containers: [JSON] = []
        for container in engine.list() {
            let measured = (try? await engine.inspect(container.id.text, size: true)) ?? container
            containers.append(ContainerAnswer(measured).summary(now: now))
        }
        let answers = images.map { image in
            image.json(containers: uses.count { $0.imageID == image.id.description })
        }
        return .json([
            "LayersSize": .integer(images.reduce(0) { $0 + $1.size }), "Images": .array(answers),
            "Containers": .array(containers), "Volumes": [], "BuildCache": [], "BuilderSize": 0,
        ])
    }
]
