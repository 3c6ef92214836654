internal import DockerAPI
internal import Engine
internal import ImageService
internal import Images
internal import Linux
internal import Model
internal import NIOHTTP1

/// The route that reports the use of disk space.
let diskUsageRoutes: [Route] = [
    Route(.GET, "/system/df") { engine, request in
        let images = try await request.images.perform { try $0.list() }
        let uses = ImageUse.all(by: engine.list())
        var containers: [ContainerSnapshot] = []
        for container in engine.list() {
            containers.append(try await request.measured(container, on: engine) ?? container)
        }
        let answers = images.map { image in
            image.json(containers: uses.count { $0.image == image.id }, version: request.version)
        }
        let now = WallTime.now
        let (measured, version) = (containers, request.version)
        let catalogue = request.images.catalogue
        return .encoded(
            try await engine.compute {
                var stream = JSONStream()
                stream.object { stream in
                    stream.member("LayersSize", .integer(images.reduce(Int64(0)) { $0.saturatingAdding($1.size) }))
                    stream.member("Images", .array(answers))
                    stream.name("Containers")
                    ContainerAnswer.writeList(measured, into: &stream, now: now, version: version) {
                        catalogue.identity(of: $0)?.description
                    }
                    for name: StaticString in ["Volumes", "BuildCache"] { stream.member(name, []) }
                }
                return stream.bytes
            })
    }
]
