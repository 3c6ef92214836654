public import Engine
package import ImageService
package import Isolation
internal import Linux
public import Model
public import Supervision

/// Service of facts about the host and about what containers use of it.
public struct HostService: Sendable {
    private let images: ImageService
    private let isolation: RuntimeSet
    private let clients: ClientPools
    private let clock: any TimeSource

    /// A service on the threads of `clients`.
    package init(images: ImageService, isolation: RuntimeSet, clients: ClientPools, clock: any TimeSource) {
        self.images = images
        self.isolation = isolation
        self.clients = clients
        self.clock = clock
    }

    /// Facts for `info`.
    public func info(on engine: isolated Engine) async -> EngineInfo {
        var info = EngineInfo()
        info.configuration = engine.configuration
        for container in engine.list() {
            info.containers += 1
            switch container.state.status {
            case .running, .restarting: info.running += 1
            case .paused: info.paused += 1
            case .created, .removing, .exited, .dead: info.stopped += 1
            }
        }
        info.images = (try? await images.perform { try $0.list().count }) ?? 0
        let host = try? await clients.inquire(on: engine.loop) { HostDescription.read() }
        if let host {
            info.hostname = host.hostname
            info.kernelVersion = host.kernelVersion
            info.operatingSystem = host.operatingSystem
            info.osVersion = host.osVersion
            info.architecture = host.architecture
            info.processors = host.processors
            info.memory = host.memory
            info.id = host.machineID
            info.cgroupVersion = host.cgroupVersion
        }
        info.warnings = isolation.securityWarnings + engine.setAsideWarnings
        info.securityOptions =
            (isolation.hasAppArmor ? ["name=apparmor"] : []) + ["name=seccomp,profile=builtin", "name=cgroupns"]
        return info
    }

    /// Whether version 2 alone limits the host's containers; then each has a cgroup namespace of its own.
    public var hasUnifiedCgroups: Bool { isolation.hasUnifiedCgroups }

    /// The AppArmor profile of a container that names none; empty where the host has no AppArmor.
    public var standardAppArmorProfile: String { isolation.hasAppArmor ? AppArmorProfile.standardName : "" }

    /// Processes of a container, as `ps ARGUMENTS` prints them; empty arguments are `-ef`.
    public func top(
        _ reference: String, arguments: String, on engine: isolated Engine
    ) async throws(EngineError) -> ProcessTable {
        let cgroup = try engine.controlGroup(of: reference, for: .top)
        let options = arguments.isEmpty ? ["-ef"] : arguments.split(byte: " ").map(String.init)
        return try await clients.inquire(on: engine.loop) {
            let wanted = Set(try cgroup.processes().map { String($0) })
            return try ProcessListing.read(options: options, of: wanted)
        }
    }

    /// Resource use of a container until now; an empty sample without a run.
    public func stats(_ reference: String, on engine: isolated Engine) async throws(EngineError) -> StatsSample {
        let shown = try engine.inspect(reference)
        guard let cgroup = try engine.controlGroupOfRun(reference) else { return StatsSample() }
        let clock = self.clock
        return try await clients.inquire(on: engine.loop) {
            var sample = StatsSample(cgroup.statistics())
            sample.time = clock.wall
            sample.complete(pid: shown.state.pid, networks: shown.spec.network.mode != .host)
            return sample
        }
    }
}

extension StatsSample {
    /// A sample from the accounts of the control groups.
    init(_ statistics: CgroupStatistics) {
        self.init()
        cpuTotal = statistics.cpuTotal
        cpuUser = statistics.cpuUser
        cpuSystem = statistics.cpuSystem
        cpuPerProcessor = statistics.cpuPerProcessor
        let throttling = statistics.throttling
        periods = throttling.periods
        throttledPeriods = throttling.throttled
        throttledTime = throttling.time
        memoryUsage = statistics.memoryUsage
        memoryMaximumUsage = statistics.memoryMaximum
        memoryLimit = statistics.memoryLimit ?? 0
        memoryInactiveFile = statistics.memoryInactiveFile
        memoryDetails = statistics.memoryDetails
        pids = statistics.pids
        pidsLimit = statistics.pidsLimit
        blockBytes = statistics.blockBytes
        blockRequests = statistics.blockRequests
    }
}
