import LaunchPlan
public import Linux
internal import Model

/// What the plan depends on and only the host can tell; a value, so that plans can be made for any host in tests.
public struct HostFacts: Hashable, Sendable {
    /// The control groups of the host.
    public var cgroups: CgroupLayout
    /// Capabilities that this process may pass on (its bounding set), by number.
    public var capabilities: CapabilitySet
    /// Whether /proc/kcore is there (`/dev/core` points at it).
    public var hasKernelCore: Bool
    /// All of /dev, for privileged containers; read when needed.
    public var deviceDirectory = "/dev"
    /// Hard limits by number; raising beyond needs CAP_SYS_RESOURCE.
    public var hardLimits: [Int32: UInt64] = [:]
    /// /etc/resolv.conf of the host; read at each start.
    public var resolvConfFile = "/etc/resolv.conf"
    /// /etc/hosts of the host; read at each start.
    public var hostsFile = "/etc/hosts"
    /// The security modules of the kernel.
    public var securityModules = SecurityModules()
    /// Whether this process mounts in a namespace of its own, which a container's process is not cloned from: what is mounted
    /// for it is passed to it as a descriptor. The keeper says so.
    public var hasOwnMounts = false
    /// The host's own name, for containers on its network.
    public var hostname = ""

    /// Facts by value.
    public init(cgroups: CgroupLayout, capabilities: CapabilitySet, hasKernelCore: Bool = true) {
        self.cgroups = cgroups
        self.capabilities = capabilities
        self.hasKernelCore = hasKernelCore
    }

    /// Looks at this host.
    public static func detect() throws(IsolationError) -> HostFacts {
        let cgroups = try onHost { () throws(LinuxError) in try CgroupLayout.detect() }
        let status = try onHost { () throws(LinuxError) in try HostFile.read("/proc/self/status") }
        var facts = HostFacts(
            cgroups: cgroups, capabilities: boundingSet(inStatus: status),
            hasKernelCore: HostFile.exists("/proc/kcore"))
        for limit in ResourceLimit.allCases {
            facts.hardLimits[limit.rawValue] = CurrentProcess.hardLimit(limit.rawValue)
        }
        facts.securityModules = SecurityModules.detect()
        facts.hasOwnMounts = ProcessVariables.value(of: "SERENO_KEEPER_MOUNTS") != nil
        let name = (try? HostFile.read("/proc/sys/kernel/hostname")) ?? ""
        facts.hostname = String(name.trimmedOfBlanks)
        return facts
    }

    /// Whether AppArmor confines processes here.
    public var hasAppArmor: Bool { securityModules.appArmor == .enabled }

    static func boundingSet(inStatus status: String) -> CapabilitySet {
        for line in status.split(byte: "\n") {
            guard let digits = line.dropping(prefix: "CapBnd:")?.trimmedOfBlanks else { continue }
            return CapabilitySet(rawValue: UInt64(digits, radix: 16) ?? 0)
        }
        return CapabilitySet(rawValue: 0)
    }
}
