import LaunchPlan
import Linux
import Model

extension OCIBundle {
    /// The `linux` object.
    func linux(_ plan: Plan) throws(IsolationError) -> JSONValue {
        let spec = container.context.spec
        let devices = try ContainerDevices(spec, root: container.rootfs, host: host)
        var linux: [String: JSONValue] = [
            "namespaces": .array(try namespaces()), "resources": resources(spec.resources, devices),
            "devices": .array(devices.operations.compactMap(Self.device)),
        ]
        if let cgroup = container.cgroup { linux["cgroupsPath"] = .string(cgroup.group) }
        let open = spec.security.privileged || security.openSystemPaths
        linux["maskedPaths"] = .strings(open ? [] : spec.security.maskedPaths ?? SystemPaths.masked)
        linux["readonlyPaths"] = .strings(open ? [] : spec.security.readonlyPaths ?? SystemPaths.readOnly)
        var sysctls: [String: JSONValue] = [:]
        for file in try Sysctls.files(spec.security.sysctls, modes) {
            sysctls[String(file.path.dropFirst("sys/".utf8.count))] = .string(file.value)
        }
        linux["sysctl"] = .object(sysctls)
        if let seccomp = try seccomp(privileged: spec.security.privileged) { linux["seccomp"] = seccomp }
        return .object(linux)
    }

    private func namespaces() throws(IsolationError) -> [JSONValue] {
        var list = [JSONValue.object(["type": .string("mount")])]
        let shared = container.context.shared
        list += try Self.namespace("ipc", modes.ipc, of: shared.ipcPath)
        list += try Self.namespace("pid", modes.pid, of: shared.pidPath)
        if modes.uts == .own { list.append(.object(["type": .string("uts")])) }
        if modes.cgroup == .own { list.append(.object(["type": .string("cgroup")])) }
        if modes.network != .host {
            list += try Self.namespace("network", .container, of: container.network?.path)
        }
        return list
    }

    /// A namespace that is left out is the host's: one that is to be joined and is not known must not be.
    private static func namespace(
        _ type: String, _ mode: NamespaceModes.Mode, of path: String?
    ) throws(IsolationError) -> [JSONValue] {
        switch mode {
        case .own: return [.object(["type": .string(type)])]
        case .host: return []
        case .container:
            guard let path else { throw .invalid("no \(type.uppercased()) namespace to join") }
            return [.object(["type": .string(type), "path": .string(path)])]
        }
    }

    private func resources(_ spec: ResourceSpec, _ devices: ContainerDevices) -> JSONValue {
        var memory: [String: JSONValue] = [:]
        if spec.memory > 0 { memory["limit"] = .number(spec.memory) }
        if spec.memory > 0 || spec.memorySwap != 0 {
            memory["swap"] = .number(spec.memorySwap == 0 ? spec.memory.saturatingMultiplied(by: 2) : spec.memorySwap)
        }
        if spec.memoryReservation > 0 { memory["reservation"] = .number(spec.memoryReservation) }
        if spec.oomKillDisable == true { memory["disableOOMKiller"] = .bool(true) }
        var cpu: [String: JSONValue] = [:]
        if spec.cpuShares > 0 { cpu["shares"] = .number(spec.cpuShares) }
        let period = spec.nanoCPUs > 0 ? 100_000 : spec.cpuPeriod
        let quota = spec.nanoCPUs > 0 ? spec.nanoCPUs / 10_000 : spec.cpuQuota
        if period > 0 { cpu["period"] = .number(period) }
        if quota != 0 { cpu["quota"] = .number(quota) }
        if !spec.cpusetCPUs.isEmpty { cpu["cpus"] = .string(spec.cpusetCPUs) }
        if !spec.cpusetMems.isEmpty { cpu["mems"] = .string(spec.cpusetMems) }
        var resources: [String: JSONValue] = ["memory": .object(memory), "cpu": .object(cpu)]
        if let limit = spec.pidsLimit, limit > 0 { resources["pids"] = .object(["limit": .number(limit)]) }
        if spec.blkioWeight > 0 {
            resources["blockIO"] = .object(["weight": .number(Int64(clamping: spec.blkioWeight))])
        }
        let first = JSONValue.object(["allow": .bool(devices.areUnlimited), "access": .string("rwm")])
        resources["devices"] = .array([first] + (devices.areUnlimited ? [] : devices.rules.map(Self.rule)))
        return .object(resources)
    }

    /// An any is left out.
    private static func rule(_ device: DeviceRule) -> JSONValue {
        var rule: [String: JSONValue] = [
            "allow": .bool(true), "type": .string(String(device.kind.rawValue)),
            "access": .string(device.access.letters),
        ]
        if let major = device.major { rule["major"] = .number(Int64(major)) }
        if let minor = device.minor { rule["minor"] = .number(Int64(minor)) }
        return .object(rule)
    }

    private static func device(_ operation: Operation) -> JSONValue? {
        guard case .deviceInRoot(_, let path, let mode, let major, let minor, let uid, let gid) = operation else {
            return nil
        }
        return .object([
            "path": .string(path), "type": .string(mode & 0o170000 == 0o060000 ? "b" : "c"),
            "major": .number(Int64(clamping: major)), "minor": .number(Int64(clamping: minor)),
            "fileMode": .number(Int64(clamping: mode & 0o7777)),
            "uid": .number(Int64(clamping: uid)), "gid": .number(Int64(clamping: gid)),
        ])
    }

    private func seccomp(privileged: Bool) throws(IsolationError) -> JSONValue? {
        let profile: SeccompProfile
        let filter =
            if let made = container.filter { made } else {
                try SystemCallFilter.described(security, privileged: privileged)
            }
        switch filter {
        case .none, .program: return nil
        case .profile(let described): profile = described
        }
        let rules = profile.rules(
            for: capabilities, architecture: SeccompArchitecture.dockerName, kernel: SeccompCompiler.kernelVersion())
        let (action, code) = Self.action(profile.defaultAction)
        var object: [String: JSONValue] = [
            "defaultAction": .string(action), "syscalls": .array(rules.map(Self.syscalls)),
        ]
        if !profile.architectures.isEmpty { object["architectures"] = .strings(profile.architectures) }
        if let code { object["defaultErrnoRet"] = .number(Int64(code)) }
        if let flags = profile.flags { object["flags"] = .strings(flags) }
        if !profile.listenerPath.isEmpty { object["listenerPath"] = .string(profile.listenerPath) }
        if !profile.listenerMetadata.isEmpty { object["listenerMetadata"] = .string(profile.listenerMetadata) }
        return .object(object)
    }

    private static func syscalls(_ rule: SeccompProfile.Rule) -> JSONValue {
        let (action, code) = action(rule.action)
        var object: [String: JSONValue] = ["names": .strings(rule.names), "action": .string(action)]
        if let code { object["errnoRet"] = .number(Int64(code)) }
        if !rule.arguments.isEmpty {
            object["args"] = .array(
                rule.arguments.map {
                    .object([
                        "index": .number(Int64(clamping: $0.index)), "value": .unsigned($0.value),
                        "valueTwo": .unsigned($0.second), "op": .string($0.comparison.rawValue),
                    ])
                })
        }
        return .object(object)
    }

    private static func action(_ action: SeccompProfile.Action) -> (String, UInt16?) {
        switch action {
        case .allow: ("SCMP_ACT_ALLOW", nil)
        case .error(let code): ("SCMP_ACT_ERRNO", code)
        case .killProcess: ("SCMP_ACT_KILL_PROCESS", nil)
        case .killThread: ("SCMP_ACT_KILL_THREAD", nil)
        case .trap: ("SCMP_ACT_TRAP", nil)
        case .log: ("SCMP_ACT_LOG", nil)
        case .trace(let code): ("SCMP_ACT_TRACE", code)
        case .notify: ("SCMP_ACT_NOTIFY", nil)
        }
    }
}
