internal import DockerAPI
internal import Engine
import JSONFormat
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Runs
internal import Supervision

/// Routes that start, stop and wait for containers.
let containerRunRoutes: [Route] = [
    Route(.POST, "/containers/{name}/start") { engine, request in
        try await engine.start(request.name, by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/containers/{name}/stop") { engine, request in
        try await engine.stop(
            request.name, signal: try request.signal(), timeout: try request.query.integer("t"),
            by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/containers/{name}/restart") { engine, request in
        try await engine.restart(
            request.name, signal: try request.signal(), timeout: try request.query.integer("t"),
            by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/containers/{name}/kill") { engine, request in
        let signal: Signal
        do throws(RequestError) {
            signal = try request.signal() ?? .kill
        } catch {
            throw RequestError.invalid("cannot kill container: \(request.name): \(error.message)")
        }
        do throws(EngineError) {
            try await engine.kill(request.name, signal: signal, by: request.client)
        } catch {
            let prefix = error.kind == .notFound ? "cannot kill container: \(request.name): " : ""
            throw EngineError(error.kind, prefix + error.message)
        }
        return .empty(.noContent)
    },
    Route(.POST, "/containers/{name}/pause") { engine, request in
        try await engine.pause(request.name, by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/containers/{name}/unpause") { engine, request in
        try await engine.unpause(request.name, by: request.client)
        return .empty(.noContent)
    },
    Route(.POST, "/containers/{name}/wait") { engine, request in
        let typed = request.query.text("condition")
        guard let condition = typed.isEmpty ? .notRunning : WaitCondition(rawValue: typed) else {
            throw RequestError.invalid("invalid condition: \"\(typed)\"")
        }
        // Registered before the head goes out: Docker's client starts the container when it has seen the head.
        let outcome = try engine.registerWait(request.name, condition)
        return .stream(
            StreamedBody { _, stream in
                let outcome = try await stream.unlessClosed(outcome)
                let error: JSON = outcome.error.map { ["Message": .string($0)] } ?? nil
                var answer: JSONObject = ["StatusCode": .integer(outcome.statusCode)]
                if outcome.error != nil { answer.append("Error", error) }
                try await stream.write(JSON.object(answer).encoded() + [0x0A])
            })
    },
    Route(.POST, "/containers/{name}/resize") { engine, request in
        let (height, width) = try request.terminalSize()
        try engine.resize(request.name, height: height, width: width)
        return .empty(.ok)
    },
]

extension APIRequest {
    /// The signal in the parameter `signal`, in any spelling; `nil` when absent.
    func signal() throws(RequestError) -> Signal? {
        let typed = query.text("signal")
        if typed.isEmpty { return nil }
        guard let signal = Signal(parsing: typed) else { throw .invalid("invalid signal: \(typed)") }
        return signal
    }

    /// The parameters `h` and `w`; both are required.
    func terminalSize() throws(RequestError) -> (height: Int, width: Int) {
        guard let height = try query.integer("h") else {
            throw .invalid("invalid resize height \"\": invalid syntax")
        }
        guard let width = try query.integer("w") else {
            throw .invalid("invalid resize width \"\": invalid syntax")
        }
        guard (0...65535).contains(height), (0...65535).contains(width) else {
            throw .invalid("invalid resize: value out of range")
        }
        return (height, width)
    }
}
