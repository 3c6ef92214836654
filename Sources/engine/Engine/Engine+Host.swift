internal import Isolation
internal import Lifecycle
internal import Linux
public import Model
public import Supervision

// Facts of the host: description, processes, use of resources.
extension Engine {
    /// Facts for `info`.
    public func info() async -> EngineInfo {
        var info = EngineInfo()
        info.configuration = configuration
        info.containers = containers.count
        for container in containers.all {
            switch container.lifecycle.snapshot.status {
            case .running, .restarting: info.running += 1
            case .paused: info.paused += 1
            case .created, .removing, .exited, .dead: info.stopped += 1
            }
        }
        info.images = (try? await images.perform { try $0.list().count }) ?? 0
        let host = try? await inquire { HostDescription.read() }
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
        info.warnings += setAsideWarnings
        info.securityOptions =
            (isolation.hasAppArmor ? ["name=apparmor"] : []) + ["name=seccomp,profile=builtin", "name=cgroupns"]
        return info
    }

    /// The runtime of a container that names none.
    public nonisolated var standardRuntime: RuntimeName { configuration.defaultRuntime }

    /// Whether version 2 alone limits the host's containers; then each has a cgroup namespace of its own.
    public nonisolated var hasUnifiedCgroups: Bool { isolation.hasUnifiedCgroups }

    /// Processes of a container, as `ps ARGUMENTS` prints them; empty arguments are `-ef`.
    public func top(_ reference: String, arguments: String) async throws(EngineError) -> ProcessTable {
        let container = try containers.resolve(reference)
        try checkAccess(container, .top, reference)
        guard let cgroup = container.ground.prepared?.cgroup else {
            throw EngineError(.failed, "container \(container.id.text) has no control group")
        }
        let options = arguments.isEmpty ? ["-ef"] : arguments.split(separator: " ").map(String.init)
        return try await inquire {
            let wanted = Set(try cgroup.processes().map { String($0) })
            return try ProcessListing.read(options: options, of: wanted)
        }
    }

    /// Resource use of a container until now; an empty sample without a run.
    public func stats(_ reference: String) async throws(EngineError) -> StatsSample {
        let container = try containers.resolve(reference)
        guard let cgroup = container.ground.prepared?.cgroup, container.run != nil else { return StatsSample() }
        let pid = firstProcess(of: container) ?? 0
        let shareHost = container.spec.network.mode == .host
        let clock = self.clock
        return try await inquire {
            var sample = StatsSample(cgroup.statistics())
            sample.time = clock.wall
            sample.complete(pid: pid, networks: !shareHost)
            return sample
        }
    }

    /// Emits an event to all listeners, and remembers it.
    public func emit(_ event: EventMessage) { eventLog.append(event) }

    /// A listener to the remembered events since a time, and to later ones; `nil` is later ones alone.
    public func events(since: WallTime?) -> EventListener {
        EventListener(self, number: eventLog.newListener(), from: eventLog.number(since: since))
    }
}

extension StatsSample {
    /// A sample from the accounts of the control groups.
    init(_ statistics: CgroupStatistics) {
        self.init()
        cpuTotal = statistics.cpuTotal
        cpuUser = statistics.cpuUser
        cpuSystem = statistics.cpuSystem
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
        blockReadBytes = statistics.blockRead
        blockWriteBytes = statistics.blockWritten
    }
}
