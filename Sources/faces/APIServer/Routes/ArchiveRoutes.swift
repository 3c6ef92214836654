internal import DockerAPI
internal import Engine
internal import Images
internal import Model
internal import NIOHTTP1
internal import Supervision

/// Routes for files of containers as tars.
let archiveRoutes: [Route] = [
    Route(.GET, "/containers/{name}/export") { engine, request in
        let name = request.name
        return .stream(
            try await engine.streamed("application/octet-stream") { engine, writer in
                try await engine.export(name, into: writer)
            })
    },
    Route(.HEAD, "/containers/{name}/archive") { engine, request in
        .empty(.ok, headers: try await engine.pathStatHeader(request))
    },
    Route(.GET, "/containers/{name}/archive") { engine, request in
        let headers = try await engine.pathStatHeader(request)
        let name = request.name
        let path = request.query.text("path")
        var body = try await engine.streamed("application/x-tar") { engine, writer in
            try await engine.copyOut(name, path, into: writer)
        }
        body.headers = headers
        return .stream(body)
    },
    Route(.PUT, "/containers/{name}/archive", body: .streamed) { engine, request in
        let path = try request.archivePath()
        var wanted = CopyInOptions()
        wanted.noOverwriteDirNonDir = request.query.flag("noOverwriteDirNonDir")
        let options = wanted
        let name = request.name
        do {
            try await request.withBodyPipe(on: engine) { engine, reader in
                try await engine.copyIn(name, path, from: reader, options)
            }
        } catch let error as EngineError {
            throw error.naming(path, in: name)
        }
        return .empty(.ok)
    },
]

extension APIRequest {
    fileprivate func archivePath() throws(RequestError) -> String {
        let path = query.text("path")
        if path.isEmpty { throw .invalid("bad parameter: path cannot be empty") }
        return path
    }
}

extension Engine {
    /// The header that describes a path's file to Docker's client.
    fileprivate func pathStatHeader(_ request: APIRequest) async throws -> HTTPHeaders {
        let path = try request.archivePath()
        let stat: PathStat
        do throws(EngineError) {
            stat = try await statPath(request.name, path)
        } catch {
            throw error.naming(path, in: request.name)
        }
        return ["X-Docker-Container-Path-Stat": Base64.encode(stat.json.encoded())]
    }
}

extension EngineError {
    /// The error of a path that does not exist, in Docker's words; other errors unchanged.
    fileprivate func naming(_ path: String, in container: String) -> EngineError {
        guard kind == .notFound, !message.hasPrefix("No such container") else { return self }
        return EngineError(kind, "Could not find the file \(path) in container \(container)")
    }
}
