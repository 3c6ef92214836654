import Linux
import Model
import Restart

@testable import Lifecycle
@testable import Records

// What became of a container.
extension RecordSamples {
    static let states: [(String, ContainerState)] = [
        ("created", .created),
        (
            "starting",
            .starting(
                Launch(
                    origin: .policy, stop: PendingStop(purpose: .stop, sequence: stopSequence, requested: instant),
                    signals: [.hangup, .user1]))
        ),
        ("starting-unhurt", .starting(Launch(origin: .user))),
        ("running", .running), ("paused", .paused),
        ("stopping", .stopping(Stopping(purpose: .stop, sequence: stopSequence, step: 1, due: instant, kills: 2))),
        ("stopping-for-ever", .stopping(Stopping(purpose: .remove, sequence: .kill))),
        ("backingOff", .backingOff(Backoff(delay: .milliseconds(200), due: instant))), ("exited", .exited),
        ("removing", .removing), ("dead", .dead),
    ]

    static let exits: [(String, ExitStatus)] = [
        ("exited", .exited(3)), ("signal", .signaled(.kill, coreDumped: true)), ("unknown", .unknown),
    ]

    static var state: [RecordSample<ContainerStateRecord>] {
        guard let name = ContainerName("web") else { return [] }
        func sample(_ file: String, _ change: (inout RunRecord) -> Void) -> RecordSample<ContainerStateRecord> {
            var record = RunRecord()
            change(&record)
            return RecordSample(name: file, value: ContainerStateRecord(name: name, record: record))
        }
        return states.map { file, state in sample("state-\(file)") { $0.state = state } }
            + LaunchOrigin.allCases.map { origin in
                sample("launch-\(origin.rawValue)") { $0.state = .starting(Launch(origin: origin)) }
            }
            + StopPurpose.allCases.map { purpose in
                sample("purpose-\(purpose.rawValue)") {
                    $0.state = .stopping(Stopping(purpose: purpose, sequence: stopSequence))
                }
            }
            + exits.map { file, exit in sample("exit-\(file)") { $0.lastExit = exit } }
            + InitSystem.allCases.map { system in
                sample("unit-\(system.rawValue)") { $0.owner = InitUnit(system: system, name: "web") }
            }
            + UserStop.Verb.allCases.map { verb in
                sample("stop-\(verb.rawValue)") {
                    $0.history.userStop = UserStop(verb: verb, signal: .terminate, time: wall)
                }
            } + [RecordSample(name: "full", value: fullState(name))]
    }

    private static func fullState(_ name: ContainerName) -> ContainerStateRecord {
        var record = RunRecord()
        record.state = .running
        record.history = RestartHistory(count: 4, delay: .milliseconds(800), userStop: userStop, lastStart: instant)
        record.lastExit = .exited(9)
        record.startFailure = StartFailure(exitCode: 126, message: "exec /bin/web: permission denied")
        record.outOfMemory = true
        record.outOfMemoryTold = true
        record.startedAt = wall
        record.finishedAt = wall.advanced(by: .seconds(-2))
        record.reason = reason
        record.removalFailure = "device busy"
        record.owner = unit
        return ContainerStateRecord(
            name: name, record: record, memory: MemoryBaseline(group: 7, kills: 3, stalled: .seconds(1)),
            process: RecordedProcess(
                identity: ProcessIdentity(number: 4242, startTicks: 990), outputs: [1_000_001, 1_000_002]),
            place: RunPlace(controlGroup: "/system.slice/web.service", notifySocket: "/run/systemd/notify"),
            stopBoot: "8f0c1a52-boot")
    }
}

// What a container was asked to be.
extension RecordSamples {
    static let policies: [(String, RestartPolicy)] = [
        ("no", .no), ("on-failure", .onFailure(maximumRetryCount: 3)),
        ("on-failure-without-bound", .onFailure(maximumRetryCount: nil)), ("always", .always),
        ("unless-stopped", .unlessStopped),
    ]

    static var spec: [RecordSample<ContainerRecord>] {
        guard let id = id("a") else { return [] }
        func sample(_ file: String, _ change: (inout ContainerSpec) -> Void) -> RecordSample<ContainerRecord> {
            var spec = ContainerSpec()
            change(&spec)
            return RecordSample(name: file, value: ContainerRecord(id: id, created: wall, spec: spec))
        }
        return [
            sample("empty") { _ in }, sample("full") { $0 = fullSpec },
            sample("words") { spec in
                spec.spell(stopSignal: .quit, "QUIT")
                spec.words = #"{"CapAdd":["net_admin"]}"#
            },
            sample("spellings") { $0.labels = ["caf\u{e9}": "1", "cafe\u{301}": "2", "a": "3"] },
            sample("readOnlyMounts") {
                var mount = MountSpec()
                (mount.target, mount.readOnly, mount.readOnlyAlone, mount.forcesReadOnly) = ("/data", true, true, true)
                $0.mounts = [mount]
            },
            sample("imageVolumes") { $0.imageVolumes = ["/data", "/var/lib/db"] },
        ]
            + policies.map { file, policy in sample("policy-\(file)") { $0.restart = policy } }
            + LogDriver.allCases.map { driver in sample("log-\(driver.rawValue)") { $0.logging.driver = driver } }
            + MountSource.Kind.allCases.map { kind in
                sample("mount-\(kind.rawValue)") {
                    var mount = MountSpec()
                    mount.source = MountSource(kind, "")
                    mount.target = "/data"
                    $0.mounts = [mount]
                }
            }
            + MountSpec.Origin.allCases.map { origin in
                sample("mountOrigin-\(origin.rawValue)") {
                    var mount = MountSpec()
                    mount.origin = origin
                    mount.target = "/data"
                    $0.mounts = [mount]
                }
            }
    }

    private static var fullSpec: ContainerSpec {
        var spec = ContainerSpec()
        spec.image = "busybox:1"
        spec.imageID = "sha256:" + String(repeating: "1", count: 64)
        spec.process = fullProcess
        spec.hostname = "host"
        spec.domainname = "example.org"
        spec.labels = ["tier": "web"]
        spec.annotations = ["org.example": "1"]
        spec.stopSignal = .quit
        spec.stopTimeout = 30
        var check = HealthcheckSpec()
        check.test = ["CMD", "true"]
        (check.interval, check.timeout, check.startPeriod, check.startInterval) = (1, 2, 3, 4)
        check.retries = 5
        spec.healthcheck = check
        spec.restart = .unlessStopped
        spec.autoRemove = true
        spec.logging.driver = .jsonFile
        spec.logging.options = ["max-size": "1m"]
        spec.mounts = [fullMount]
        spec.network = fullNetwork
        spec.namespaces.ipc = .shareable
        spec.namespaces.pid = .container(String(repeating: "b", count: 64))
        (spec.namespaces.uts, spec.namespaces.user, spec.namespaces.cgroup) = (.host, .host, .own)
        spec.security = fullSecurity
        spec.resources = fullResources
        spec.runtime = .oci("runc")
        spec.initProcess = true
        spec.containerIDFile = "/tmp/cid"
        return spec
    }

    private static var fullProcess: ProcessSpec {
        var process = ProcessSpec()
        process.entrypoint = ["/entry"]
        process.command = ["run", "it"]
        process.environment = ["A=1"]
        process.workingDirectory = "/srv"
        process.user = "1000:100"
        process.additionalGroups = ["audio"]
        (process.terminal, process.openStdin, process.stdinOnce) = (true, true, true)
        (process.attachStdin, process.attachStdout, process.attachStderr) = (true, true, true)
        (process.consoleHeight, process.consoleWidth) = (24, 80)
        process.shell = ["/bin/sh", "-c"]
        return process
    }

    private static var fullMount: MountSpec {
        var mount = MountSpec()
        mount.origin = .mounts
        mount.source = .tmpfs
        mount.target = "/data"
        mount.readOnly = true
        mount.propagation = "rshared"
        mount.nonRecursive = true
        mount.createSource = true
        mount.options = "ro,z"
        mount.tmpfsSize = 4096
        mount.tmpfsMode = 0o700
        return mount
    }

    private static var fullNetwork: NetworkSpec {
        var network = NetworkSpec()
        network.mode = .container(String(repeating: "c", count: 64))
        network.disabled = true
        network.macAddress = "02:00:00:00:00:01"
        network.exposedPorts = ["80/tcp"]
        var binding = NetworkSpec.PortBinding()
        (binding.hostIP, binding.hostPort) = ("127.0.0.1", "8080")
        network.portBindings = ["80/tcp": [binding]]
        network.publishAll = true
        (network.dns, network.dnsOptions, network.dnsSearch) = (["9.9.9.9"], ["ndots:1"], ["example.org"])
        network.extraHosts = ["db:10.0.0.1"]
        network.links = ["db:db"]
        return network
    }

    private static var fullSecurity: SecuritySpec {
        var security = SecuritySpec()
        security.privileged = true
        (security.capAdd, security.capDrop) = (["NET_ADMIN"], ["ALL"])
        security.options = ["no-new-privileges"]
        security.readonlyRootfs = true
        (security.maskedPaths, security.readonlyPaths) = (["/proc/kcore"], ["/proc/sys"])
        security.sysctls = ["net.core.somaxconn": "1024"]
        security.oomScoreAdjust = -500
        return security
    }

    private static var fullResources: ResourceSpec {
        var resources = ResourceSpec()
        (resources.memory, resources.memoryReservation, resources.memorySwap) = (1, 2, 3)
        resources.memorySwappiness = 60
        resources.oomKillDisable = false
        (resources.nanoCPUs, resources.cpuShares, resources.cpuPeriod, resources.cpuQuota) = (4, 5, 6, 7)
        (resources.cpusetCPUs, resources.cpusetMems) = ("0-1", "0")
        resources.blkioWeight = 500
        resources.pidsLimit = 100
        var limit = Ulimit()
        (limit.name, limit.soft, limit.hard) = ("nofile", 1024, 4096)
        resources.ulimits = [limit]
        var device = DeviceSpec()
        (device.pathOnHost, device.pathInContainer, device.permissions) = ("/dev/fuse", "/dev/fuse", "rw")
        resources.devices = [device]
        resources.deviceCgroupRules = ["c 1:3 rwm"]
        resources.cgroupParent = "parent"
        resources.shmSize = 1 << 20
        return resources
    }
}
