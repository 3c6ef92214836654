internal import DockerAPI
internal import Engine
internal import Linux
internal import Model
internal import NIOCore
internal import NIOHTTP1

/// The route that streams events.
let eventRoutes: [Route] = [
    Route(.GET, "/events") { engine, request in
        let filter = try EventFilter(parsing: request.query.text("filters"))
        let since = try RequestTime.parse(request.query["since"])
        let until = try RequestTime.parse(request.query["until"])
        if let since, let until, until < since {
            throw RequestError.invalid("`since` time (\(since.nanoseconds)) cannot be after `until` time")
        }
        let events = engine.events.listen(since: since)
        return .stream(
            StreamedBody { engine, stream in
                let relay = Task {
                    while let event = await events.next(isolation: engine) {
                        if let until, event.time > until { break }
                        guard filter.matches(event) else { continue }
                        try await stream.write(event.json.encoded() + [0x0A])
                    }
                }
                if let until {
                    engine.loop.scheduleTask(in: TimeAmount(until.since(WallTime.now))) { events.end() }
                }
                try await withTaskCancellationHandler {
                    try await relay.value
                } onCancel: {
                    events.end()
                }
            })
    }
]
