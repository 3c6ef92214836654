import LaunchPlan
import Model

/// The limits of setrlimit(2) by number (x86 and arm).
public enum ResourceLimit: Int32, CaseIterable, Hashable, Sendable {
    case cpu = 0
    case fsize, data, stack, core, rss, nproc, nofile, memlock, `as`, locks, sigpending, msgqueue, nice, rtprio, rttime

    /// A limit by Docker's name for it, e.g. `nofile`.
    public init?(name: String) {
        guard let found = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = found
    }
}

extension ResourceLimit {
    /// Operations for `--ulimit`. A hard limit above the host's own needs CAP_SYS_RESOURCE: without it the limit is
    /// lowered to what is allowed, and a warning says so.
    static func operations(
        _ limits: [Ulimit], host: HostFacts
    ) throws(IsolationError) -> (operations: [Operation], warnings: [String]) {
        var operations: [Operation] = []
        var warnings: [String] = []
        let mayRaise = host.capabilities.contains(CapabilitySet(name: "SYS_RESOURCE") ?? [])
        for limit in limits {
            guard let resource = ResourceLimit(name: limit.name) else {
                throw .invalid("invalid ulimit type: \(limit.name)")
            }
            let soft = limit.soft < 0 ? UInt64.max : UInt64(clamping: limit.soft)
            let hard = limit.hard < 0 ? UInt64.max : UInt64(clamping: limit.hard)
            let allowed = host.hardLimits[resource.rawValue] ?? .max
            if hard > allowed && !mayRaise {
                warnings.append(
                    "The host does not allow to raise the limit \(limit.name) to \(hard). It stays at \(allowed).")
            }
            let granted = mayRaise ? hard : min(hard, allowed)
            operations.append(.setLimit(resource: resource.rawValue, soft: min(soft, granted), hard: granted))
        }
        return (operations, warnings)
    }
}
