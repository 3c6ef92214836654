internal import DockerAPI
internal import Engine
internal import Model
internal import NIOHTTP1

/// Routes for processes inside running containers.
let execRoutes: [Route] = [
    Route(.POST, "/containers/{name}/exec") { engine, request in
        let spec = try await ExecCreateRequest.parse(request.json(on: engine))
        return .json(["Id": .string(try await engine.createExec(request.name, spec))], status: .created)
    },
    Route(.POST, "/exec/{id}/start") { engine, request in
        let start = try await ExecStartRequest(request.json(on: engine))
        let id = request.name
        let exec = try engine.inspectExec(id)
        if start.detach {
            _ = try await engine.startExec(id, sink: nil, height: start.height, width: start.width)
            return .empty(.ok)
        }
        if exec.running {
            throw RequestError.conflict("Error: Exec command \(id) is already running")
        }
        return .hijack(
            Hijack(
                framing: StreamFraming(terminal: start.terminal),
                begin: { engine, connection in
                    let input = try await engine.startExec(
                        id, sink: connection, height: start.height, width: start.width)
                    connection.connect(input)
                }))
    },
    Route(.POST, "/exec/{id}/resize") { engine, request in
        let (height, width) = try request.terminalSize()
        try engine.resizeExec(request.name, height: height, width: width)
        return .empty(.ok)
    },
    Route(.GET, "/exec/{id}/json") { engine, request in .json(try engine.inspectExec(request.name).json) },
]
