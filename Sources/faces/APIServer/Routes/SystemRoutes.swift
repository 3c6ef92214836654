internal import DockerAPI
internal import Engine
internal import HostService
internal import Linux
internal import Model
internal import NIOHTTP1

/// Routes `_ping`, `version` and `info`.
let systemRoutes: [Route] = [
    Route(.GET, "/_ping") { _, _ in .text("OK", headers: pingHeaders) },
    Route(.HEAD, "/_ping") { _, _ in .text("", headers: pingHeaders) },
    Route(.GET, "/version") { engine, request in .json(SystemFacts(await request.host.info(on: engine)).versionJSON) },
    Route(.GET, "/info") { engine, request in
        .json(SystemFacts(await request.host.info(on: engine)).infoJSON(request.version))
    },
]

private let pingHeaders: HTTPHeaders = [
    "Builder-Version": "1",
    "Swarm": "inactive",
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
]

extension SystemFacts {
    /// The engine's facts in the form of Docker's answers.
    init(_ info: EngineInfo) {
        self.init()
        apiVersion = APIVersion.current.description
        minimumAPIVersion = APIVersion.minimum.description
        id = info.id
        dataRoot = info.configuration.dataRoot
        containers = info.containers
        running = info.running
        paused = info.paused
        stopped = info.stopped
        images = info.images
        hostname = info.hostname
        kernelVersion = info.kernelVersion
        operatingSystem = info.operatingSystem
        osVersion = info.osVersion
        machine = info.architecture
        processors = info.processors
        memory = info.memory
        cgroupVersion = info.cgroupVersion
        defaultRuntime = info.configuration.defaultRuntime
        runtimes = info.configuration.runtimes
        logDriver = info.configuration.logDriver
        securityOptions = info.securityOptions
        warnings = info.warnings
        systemTime = WallTime.now.rfc3339Nano
    }
}
