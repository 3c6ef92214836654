import LaunchPlan
import Linux
import Model

/// The config.json of an OCI bundle (runtime-spec 1.0.2), made from the native plan's own parts so that both runtimes
/// give the same container.
struct OCIBundle {
    let container: PreparedContainer
    let host: HostFacts
    let modes: NamespaceModes
    let security: SecurityOptions
    let capabilities: CapabilitySet
    private(set) var warnings: [String]

    private var spec: ContainerSpec { container.context.spec }
    private var builder: NativePlanBuilder

    init(_ container: PreparedContainer, host: HostFacts) throws(IsolationError) {
        self.container = container
        self.host = host
        builder = try NativePlanBuilder(container, host: host)
        modes = builder.modes
        security = builder.security
        capabilities = builder.capabilities
        warnings = builder.warnings
    }

    mutating func config() throws(IsolationError) -> JSONValue {
        let plan = try builder.build(filter: nil, descriptors: .init())
        let arguments = Self.arguments(of: plan)
        var config: [String: JSONValue] = [
            "ociVersion": .string("1.0.2"),
            "root": .object([
                "path": .string(container.rootfs), "readonly": .bool(spec.security.readonlyRootfs),
            ]),
            "mounts": .array(mounts(of: plan)),
            "process": try process(
                arguments: arguments.0, environment: arguments.1, directory: spec.process.workingDirectory,
                identity: container.identity, terminal: spec.process.terminal),
            "linux": try linux(plan),
        ]
        if modes.uts == .own { config["hostname"] = .string(builder.hostname) }
        return .object(config)
    }

    /// The `process` object, also for `exec --process`.
    mutating func process(
        arguments: [String], environment: [String], directory: String, identity: UserIdentity, terminal: Bool,
        capabilities: CapabilitySet? = nil
    ) throws(IsolationError) -> JSONValue {
        let names = JSONValue.strings((capabilities ?? self.capabilities).capabilityNames)
        var sets: [String: JSONValue] = ["bounding": names]
        if identity.uid == 0 {
            sets["effective"] = names
            sets["permitted"] = names
        }
        let limits = try ResourceLimit.operations(spec.resources.ulimits, host: host).operations
        var process: [String: JSONValue] = [
            "terminal": .bool(terminal),
            "user": .object([
                "uid": .number(Int64(identity.uid)), "gid": .number(Int64(identity.gid)),
                "additionalGids": .array(identity.groups.map { .number(Int64($0)) }), "umask": .number(0o022),
            ]),
            "args": .strings(arguments), "env": .strings(environment),
            "cwd": .string(directory.isEmpty ? "/" : directory), "capabilities": .object(sets),
            "noNewPrivileges": .bool(security.noNewPrivileges), "rlimits": .array(limits.compactMap(Self.limit)),
        ]
        if let profile = AppArmorProfile.name(for: security, privileged: spec.security.privileged, host) {
            process["apparmorProfile"] = .string(profile)
        }
        let mayLower = host.capabilities.contains(CapabilitySet(name: "SYS_RESOURCE") ?? [])
        if spec.security.oomScoreAdjust >= 0 || mayLower {
            process["oomScoreAdj"] = .number(Int64(spec.security.oomScoreAdjust))
        } else {
            warnings.append("The host does not allow to lower oom_score_adj. Left out.")
        }
        return .object(process)
    }

    private static func limit(_ operation: Operation) -> JSONValue? {
        guard case .setLimit(let resource, let soft, let hard) = operation,
            let limit = ResourceLimit(rawValue: resource)
        else { return nil }
        return .object([
            "type": .string("RLIMIT_" + "\(limit)".uppercased()), "soft": .number(Int64(clamping: soft)),
            "hard": .number(Int64(clamping: hard)),
        ])
    }

    static func arguments(of plan: Plan) -> ([String], [String]) {
        if case .execute(let arguments, let environment) = plan.operations.last { return (arguments, environment) }
        return ([], [])
    }

    private var cgroupMount: JSONValue {
        let access = spec.security.privileged ? "rw" : "ro"
        return .object([
            "destination": .string("/sys/fs/cgroup"), "type": .string("cgroup"), "source": .string("cgroup"),
            "options": .strings(["nosuid", "noexec", "nodev", "relatime", access]),
        ])
    }

    /// The mounts of a plan, with those of cgroups left to the runtime, unless the user has put something in their place.
    private func mounts(of plan: Plan) -> [JSONValue] {
        let place = "/sys/fs/cgroup"
        let requested = spec.mounts.map { ContainerPath.cleaned($0.target) }
        let isReplaced = requested.contains { ContainerPath.isInside(place, $0) }
        func isLeft(_ target: String) -> Bool {
            ContainerPath.isInside(target, place) && !requested.contains { ContainerPath.isInside(target, $0) }
        }
        let alone = Set(ContainerMounts.readOnlyAlone(spec.mounts))
        let mounts: [JSONValue] = plan.operations.compactMap { operation in
            switch operation {
            case .mountInRoot(_, let source, let target, let type, let flags, let data) where !isLeft(target):
                let options = Self.words(flags) + data.split(byte: ",").map(String.init)
                return Self.mount(target, type, source, options)
            case .bindInRoot(_, let source, let target, let recursive, let attributes, let propagation)
            where !isLeft(target):
                var options =
                    [recursive ? "rbind" : "bind"] + Self.words(attributes) + Self.propagationWords(propagation)
                // To a runtime `ro` is the mount alone; older ones do not know the word for all below it.
                if alone.contains(target) { options.append("ro") }
                if recursive, attributes & MountFlags.readOnly != 0, Self.hasMounts(below: source) {
                    options.append("rro")
                }
                return Self.mount(target, "bind", source, options)
            default:
                return nil
            }
        }
        return isReplaced ? mounts : mounts + [cgroupMount]
    }

    private static func mount(_ target: String, _ type: String, _ source: String, _ options: [String]) -> JSONValue {
        .object([
            "destination": .string(target), "type": .string(type), "source": .string(source),
            "options": .strings(options),
        ])
    }

    private static func hasMounts(below path: String) -> Bool {
        guard let source = try? HostFile.resolved(path), let table = try? MountTable.current() else { return false }
        return table.entries.contains { $0.mountPoint != source && ContainerPath.isInside($0.mountPoint, source) }
    }

    private static func words(_ flags: UInt64) -> [String] {
        let all: [(UInt64, String)] = [
            (MountFlags.readOnly, "ro"), (MountFlags.noSetuid, "nosuid"), (MountFlags.noDevices, "nodev"),
            (MountFlags.noExecute, "noexec"), (MountFlags.synchronous, "sync"), (MountFlags.noAccessTime, "noatime"),
            (MountFlags.noDirectoryAccessTime, "nodiratime"), (MountFlags.relativeAccessTime, "relatime"),
            (MountFlags.strictAccessTime, "strictatime"),
        ]
        return all.filter { flags & $0.0 != 0 }.map(\.1)
    }

    private static func propagationWords(_ flags: UInt64) -> [String] {
        let recursive = flags & MountFlags.recursive != 0 ? "r" : ""
        if flags & MountFlags.shared != 0 { return [recursive + "shared"] }
        if flags & MountFlags.slave != 0 { return [recursive + "slave"] }
        return flags & MountFlags.private != 0 ? [recursive + "private"] : []
    }
}
