import LaunchPlan
import Linux
import Model
import TestSupport

@testable import Isolation

/// Plans for a host that exists only as values.
struct PlanFixture {
    static let id = ContainerID(String(repeating: "0123456789abcdef", count: 4))
    var spec = ContainerSpec()
    var host: HostFacts
    var identity = UserIdentity.root

    init(_ capabilities: CapabilitySet = .all) {
        spec.process.command = ["/bin/true"]
        let unified = CgroupHierarchy(
            mountPoint: "/sys/fs/cgroup", mountRoot: "/", controllers: ["memory", "pids"], ownGroup: "/")
        host = HostFacts(cgroups: CgroupLayout(unified: unified, legacy: []), capabilities: capabilities)
    }

    func build(filter: [UInt8]? = [0], cgroup: Bool = true) throws -> (plan: Plan, warnings: [String]) {
        guard let id = Self.id else { throw TestFailure("no ID") }
        let context = LaunchContext(
            id: id, spec: spec, rootfs: .overlay(layers: [], directory: "/data/c"), runDirectory: "/run/c")
        let container = PreparedContainer(
            context: context, rootfs: "/data/c/merged",
            cgroup: cgroup ? Cgroup(layout: host.cgroups, name: id.text) : nil, network: nil, identity: identity,
            warnings: [])
        var builder = try NativePlanBuilder(container, host: host)
        let plan = try builder.build(
            filter: filter, descriptors: .init(cgroup: 0, network: builder.modes.network == .own ? 1 : nil))
        return (plan, builder.warnings)
    }

    func operations() throws -> [Operation] { try build().plan.operations }

    /// Where each mount goes, in order.
    static func targets(_ operations: [Operation]) -> [String] {
        operations.compactMap { operation in
            switch operation {
            case .mountInRoot(_, _, let target, _, _, _), .bindInRoot(_, _, let target, _, _, _): target
            default: nil
            }
        }
    }
}

extension Operation {
    var isSeccomp: Bool { if case .seccomp = self { true } else { false } }
    var isIdentity: Bool { if case .identity = self { true } else { false } }
    var isPivot: Bool { if case .pivotRoot = self { true } else { false } }
    var isMask: Bool { if case .maskInRoot = self { true } else { false } }
}
