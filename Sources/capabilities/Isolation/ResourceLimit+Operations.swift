import LaunchPlan
import Model

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
                    "The host does not allow to raise the limit \(limit.name) to "
                        + (hard == .max ? "unlimited" : "\(hard)") + ". It stays at \(allowed).")
            }
            let granted = mayRaise ? hard : min(hard, allowed)
            operations.append(.setLimit(resource: resource.rawValue, soft: min(soft, granted), hard: granted))
        }
        return (operations, warnings)
    }
}
