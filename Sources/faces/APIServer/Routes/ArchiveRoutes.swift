internal import DockerAPI
internal import Engine
internal import FileService
internal import Images
internal import Model
internal import NIOHTTP1
internal import Supervision

/// Routes for files of containers as tars.
let archiveRoutes: [Route] = [
    Route(.GET, "/containers/{name}/export") { engine, request in
        return .stream(
            try await engine.streamed("application/octet-stream") { engine, writer in
                try await request.files.export(request.name, into: writer, on: engine)
            })
    },
    Route(.HEAD, "/containers/{name}/archive") { engine, request in
        .empty(.ok, headers: try await request.pathStatHeader(on: engine))
    },
    Route(.GET, "/containers/{name}/archive") { engine, request in
        let headers = try await request.pathStatHeader(on: engine)
        let path = request.query.path("path")
        var body = try await engine.streamed("application/x-tar") { engine, writer in
            try await request.files.copyOut(request.name, path, into: writer, on: engine)
        }
        body.headers = headers
        return .stream(body)
    },
    Route(.PUT, "/containers/{name}/archive", body: .streamed) { engine, request in
        let path = try request.archivePath()
        var wanted = CopyInOptions()
        wanted.noOverwriteDirNonDir = request.query.flag("noOverwriteDirNonDir")
        let options = wanted
        let asUser = request.query.flag("copyUIDGID")
        let name = request.name
        do {
            try await request.withBodyPipe(on: engine) { engine, reader, _ in
                try await request.files.copyIn(name, path, from: reader, options, asUser: asUser, on: engine)
            }
        } catch let error as EngineError {
            throw error.naming(path.text, in: name)
        }
        return .empty(.ok)
    },
]

extension APIRequest {
    fileprivate func archivePath() throws(RequestError) -> PathBytes {
        let path = query.path("path")
        if path.bytes.isEmpty { throw .invalid("bad parameter: path cannot be empty") }
        return path
    }
}

extension APIRequest {
    /// The header that describes a path's file to Docker's client.
    fileprivate func pathStatHeader(on engine: isolated Engine) async throws -> HTTPHeaders {
        let path = try archivePath()
        let stat: PathStat
        do throws(EngineError) {
            stat = try await files.stat(name, path, on: engine)
        } catch {
            throw error.naming(path.text, in: name)
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
