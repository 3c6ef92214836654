internal import DockerAPI
internal import Engine
internal import ImageService
internal import Images
import JSONFormat
internal import Linux
internal import Model
internal import NIOHTTP1

/// Routes that bring images in and out as tars.
let imageTransferRoutes: [Route] = [
    Route(.POST, "/images/load", body: .streamed) { engine, request in
        let loaded = try await request.withBodyPipe(on: engine) { engine, reader, _ in
            try await request.images.transfer { store in
                try store.load(from: BorrowedDescriptor(rawValue: reader.rawValue))
            }
        }
        var lines: [JSON] = []
        for image in loaded {
            engine.emitImage("load", image.id.description, name: image.references.first ?? image.id.description)
            if image.references.isEmpty { lines.append(["stream": .string("Loaded image ID: \(image.id)\n")]) }
            for name in image.references { lines.append(["stream": .string("Loaded image: \(name)\n")]) }
        }
        return .stream(jsonLines(lines))
    },
    Route(.POST, "/images/create", body: .streamed) { engine, request in
        let query = request.query
        guard query.text("fromImage").isEmpty else {
            let tag = query.text("tag")
            let separator = tag.hasPrefix("sha256:") ? "@" : ":"
            let typed = query.text("fromImage") + (tag.isEmpty ? "" : separator + tag)
            let name = (try? ImageReference(parsing: typed))?.familiar ?? typed
            let platform = try request.platform().map { " for \($0)" } ?? ""
            throw RequestError.notBuilt(
                "pulling from registries is not built yet, and there is no image \(name)\(platform) here: "
                    + "bring it with `load` (a tar made by `docker save`) or `import` (a tar of a root file system)")
        }
        guard query.text("fromSrc") == "-" else {
            throw RequestError.notBuilt("importing from a URL is not built yet; send the tar itself (`import -`)")
        }
        let reference = query.text("repo").isEmpty ? nil : try request.imageReference()
        let changes = query.all("changes")
        let platform = try request.platform()
        let message = query.text("message").isEmpty ? "Imported from -" : query.text("message")
        let id = try await request.withBodyPipe(on: engine) { engine, reader, end in
            try await request.images.transfer { store in
                try store.importTar(
                    from: BorrowedDescriptor(rawValue: reader.rawValue), as: reference, changes: changes,
                    message: message, for: platform, isWhole: { !end.isCut })
            }
        }
        if let reference { engine.emitImage("tag", id.description, name: reference.familiar) }
        engine.emitImage("import", id.description, name: id.description)
        return .stream(jsonLines([["status": .string(id.description)]]))
    },
    Route(.GET, "/images/get") { engine, request in
        try await save(request.query.all("names"), of: request, on: engine)
    },
    Route(.GET, "/images/{name...}/get") { engine, request in
        try await save([request.name], of: request, on: engine)
    },
]

extension APIRequest {
    /// The parameter `platform`; `nil` for none.
    func platform() throws(RequestError) -> Platform? {
        try PlatformQuery.platform(of: query.text("platform"), on: HostMachine.platform)
    }
}

private func save(_ names: [String], of request: APIRequest, on engine: isolated Engine) async throws -> APIResponse {
    guard !names.isEmpty else { throw RequestError.invalid("no image was named") }
    return .stream(
        try await engine.streamed("application/x-tar") { engine, writer in
            try await request.images.transfer { store in
                try store.save(names, to: BorrowedDescriptor(rawValue: writer.rawValue))
            }
        })
}

/// The answer of a finished operation, as lines in which Docker shows progress.
private func jsonLines(_ lines: [JSON]) -> StreamedBody {
    StreamedBody { _, stream in
        for line in lines { try await stream.write(line.encoded() + [0x0D, 0x0A]) }
    }
}
